import type { TranscriptItem } from '../../core/protocol/view';

export type ItemOf<Kind extends TranscriptItem['kind']> = Extract<TranscriptItem, { readonly kind: Kind }>;
