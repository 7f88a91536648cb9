import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';

/** The last seq after these envelopes. @throws StoreError 'conflict' where one does not rise above what is stored. */
export function checkRising(envelopes: readonly Envelope[], lastSeq: number): number {
  return envelopes.reduce((last, { bookmark: { seq } }) => {
    if (seq > last) return seq;
    throw new StoreError('conflict', `Event ${seq} comes after event ${last} was stored.`, {
      advice: 'Another writer took this session over. Open it again.',
    });
  }, lastSeq);
}
