import type { PendingReviews } from './pendingReviews';

/** For windows in which no edit lands unseen. */
export const nothingPending: Pick<PendingReviews, 'files' | 'accept' | 'reject'> = {
  files: [],
  accept: () => Promise.resolve(),
  reject: () => Promise.resolve(),
};
