import type { Hunk } from '../../../core/edits/review';

/** Whole lines, 0-based, both ends included. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** What is drawn into an editor. */
export interface HunkMarks {
  readonly added: readonly LineSpan[];
  readonly changed: readonly LineSpan[];
  /** Lines above which lines were deleted. */
  readonly deletedAbove: readonly number[];
  /** The last line, where lines below it were deleted. */
  readonly deletedBelow: readonly number[];
  /** The first line of each hunk. */
  readonly heads: readonly number[];
}

/** @param lineCount of the document: while it is ahead of the review nothing is drawn outside of it. */
export function hunkMarks(hunks: readonly Hunk[], lineCount: number): HunkMarks {
  const marks = {
    added: new Array<LineSpan>(),
    changed: new Array<LineSpan>(),
    deletedAbove: new Array<number>(),
    deletedBelow: new Array<number>(),
    heads: new Array<number>(),
  };
  for (const hunk of hunks) {
    const from = headLine(hunk, lineCount);
    marks.heads.push(from);
    if (hunk.nowLines > 0) {
      const span = { from, to: Math.max(from, Math.min(hunk.nowStart + hunk.nowLines, lineCount) - 1) };
      (hunk.base === '' ? marks.added : marks.changed).push(span);
    } else if (hunk.nowStart < lineCount) marks.deletedAbove.push(from);
    else marks.deletedBelow.push(from);
  }
  return marks;
}

/** The line where a hunk's actions stand. */
export function headLine({ nowStart }: Hunk, lineCount: number): number {
  return Math.max(0, Math.min(nowStart, lineCount - 1));
}
