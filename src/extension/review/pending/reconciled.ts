import { rebasedTo, type Review } from '../../../core/edits/review';
import { stands, withEndsOf } from './follow';
import type { FileRecord } from './fileRecord';
import { afterCrash } from './landedRecord';

/**
 * The record once it is known what stands on disk; undefined: nothing is pending any more. A text that was there before
 * brings its hunks back; whatever else somebody has written is theirs.
 * @param onDisk undefined: there is no such file.
 * @param isDirty the editor holds unsaved text: that is what the review goes by.
 * @param recall the review as it was when this text stood there.
 */
export function reconciled(
  record: FileRecord,
  onDisk: string | undefined,
  isDirty: boolean,
  recall: (text: string) => Review | undefined,
): FileRecord | undefined {
  const landed = afterCrash(record, onDisk);
  if (!landed) return undefined;
  if (onDisk === undefined) return landed.kind === 'deleted' ? landed : { ...landed, state: 'gone' };
  // Somebody has brought it back.
  if (landed.kind === 'deleted') return undefined;
  const here: FileRecord = landed.state === 'here' ? landed : { ...landed, state: 'here' };
  const known = [here.saved, here.review, recall(onDisk)];
  if (isDirty) return withSaved(here, standing(known, onDisk));
  const review = standing([here.review, ...known], onDisk);
  return review === here.review && review === here.saved ? here : { ...here, review, saved: review };
}

function withSaved(record: FileRecord, saved: Review): FileRecord {
  return saved === record.saved ? record : { ...record, saved };
}

/** The first that says what stands there; else the first one, with what somebody else has written. */
function standing(known: readonly (Review | undefined)[], text: string): Review {
  const found = known.find((review) => review && stands(review, text));
  if (found) return withEndsOf(found, text);
  const [first] = known;
  return first ? rebasedTo(first, text) : { segments: [{ kind: 'same', text }], nextId: 1 };
}
