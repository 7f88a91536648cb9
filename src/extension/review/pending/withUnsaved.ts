import { followed } from './follow';
import type { FileRecord } from './fileRecord';
import { documentOf } from './standingText';

/** The record as its editor has it: unsaved text that it does not know yet is the user's. */
export function withUnsaved(record: FileRecord): FileRecord {
  const document = documentOf(record);
  if (document?.isDirty !== true || record.kind === 'deleted') return record;
  return { ...record, review: followed(record.review, [], document.getText()) };
}
