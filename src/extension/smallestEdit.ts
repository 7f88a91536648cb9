import { splitsSurrogates } from '../core/util/safeStart';

/** Replace the characters from `start` to `end` (offsets into the old text) by `text`. */
export interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The one replacement that leaves the common start and the common end alone, so that cursors, folds and undo outside stay as
 * they are. Never cuts a CRLF or a surrogate pair in two: an editor's position cannot stand inside either.
 */
export function smallestEdit(before: string, after: string): OffsetEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (splitsPair(before, start) || splitsPair(after, start)) start--;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  if (tail > 0 && (splitsPair(before, before.length - tail) || splitsPair(after, after.length - tail))) tail--;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function splitsPair(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  return splitsSurrogates(text, offset) || text.slice(offset - 1, offset + 1) === '\r\n';
}
