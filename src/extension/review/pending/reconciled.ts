import type { Review } from '../../../core/edits/review';
import { asOnDisk } from './asOnDisk';
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
  return asOnDisk(here, onDisk, isDirty, recall(onDisk));
}
