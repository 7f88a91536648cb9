import { hunksOf } from '../../core/edits/review';
import type { PendingFileView } from '../../core/protocol/view';
import type { PendingReviews } from './pendingReviews';

/** What waits to be reviewed, as the panel shows it. */
export function pendingView({ files }: Pick<PendingReviews, 'files'>): readonly PendingFileView[] {
  return files.map(({ display, kind, movedFrom, state, review }) => {
    const hunks = hunksOf(review);
    return {
      ...{ path: display, kind, hunks: Math.max(hunks.length, 1) },
      // Lines of the two sides as they are: a line that only changed counts on both.
      additions: hunks.reduce((sum, { nowLines }) => sum + nowLines, 0),
      deletions: hunks.reduce((sum, { baseLines }) => sum + baseLines, 0),
      ...(movedFrom !== undefined && { movedFrom }),
      ...(state === 'gone' && { gone: true as const }),
    };
  });
}
