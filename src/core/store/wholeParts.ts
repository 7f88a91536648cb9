import type { Batch } from './store';

/** What of a batch is kept whole: each new one takes the place of the one before. */
export const wholeParts = [
  'info',
  'todos',
  'queued',
  'turn',
  'stepCount',
  'spending',
] as const satisfies readonly (keyof Batch)[];
export type WholePart = (typeof wholeParts)[number];
