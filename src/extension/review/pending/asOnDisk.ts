import { changedOutside, standsIn } from '../../../core/edits/changedOutside';
import type { Review } from '../../../core/edits/review';
import type { AwayReview, FileRecord } from './fileRecord';
import { stands, withEndsOf } from './follow';

/** How many texts of one file are remembered whose hunks are not there at the moment. */
const maxAway = 3;
/** A branch that nobody comes back to for so long is none to wait for. */
const maxAwayMs = 14 * 24 * 60 * 60 * 1000;

/**
 * The record once it is known which text stands on disk. Hunks whose text something outside has replaced (git, most often) wait
 * no longer, and wait again when it comes back, also after a reload; whatever else somebody has written is theirs.
 * @param isDirty the editor holds unsaved text: that is what its review goes by.
 * @param recalled the review as it was when this text stood there.
 */
export function asOnDisk(
  record: FileRecord,
  text: string,
  isDirty: boolean,
  recalled: Review | undefined,
  now = Date.now(),
): FileRecord {
  const { review, saved, away: all = [] } = record;
  const away = all.filter(({ since }) => now - since < maxAwayMs);
  const first = isDirty ? saved : review;
  const known = [first, saved, review, recalled].find((one) => one && stands(one, text));
  const back = backIn(away, text, known !== undefined);
  const standing = known ?? back?.review;
  const next =
    standing && stands(standing, text) ? withEndsOf(standing, text) : changedOutside(standing ?? first, text).review;
  // What the editor shows was saved there by it: nobody else has taken anything away.
  const isOurs = stands(saved, text) || stands(review, text);
  const isLost = !isOurs && changedOutside(saved, text).isLost;
  const left = away.filter((one) => one !== back);
  const kept = isLost ? [{ review: saved, since: now }, ...left].slice(0, maxAway) : left;
  if (next === saved && (isDirty || next === review) && !isLost && kept.length === all.length) return record;
  return withAway({ ...record, saved: next, review: isDirty ? review : next }, kept);
}

/** What has come back: exactly this text, or one in which all its hunks stand. */
function backIn(away: readonly AwayReview[], text: string, isKnown: boolean): AwayReview | undefined {
  const exactly = away.find(({ review }) => stands(review, text));
  return exactly ?? (isKnown ? undefined : away.find(({ review }) => standsIn(review, text)));
}

function withAway({ away: _away, ...record }: FileRecord, away: readonly AwayReview[]): FileRecord {
  return away.length > 0 ? { ...record, away } : record;
}
