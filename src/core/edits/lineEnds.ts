import { diffArrays } from 'diff';

/** A text with every CRLF as `\n`, and the way back to places in the original. */
export interface UnifiedText {
  readonly original: string;
  readonly text: string;
  /** Where the character at `index` of `text` starts in `original`; the end of both ends maps to each other. */
  readonly offsetOf: (index: number) => number;
}

/** Reads `\r\n` as one line end. A lone `\r` is a character like any other. */
export function unifyLineEnds(original: string): UnifiedText {
  if (!original.includes('\r\n')) return { original, text: original, offsetOf: (index) => index };
  const parts = original.split('\r\n');
  /** For each removed `\r`, in order: the index of its `\n` in the unified text. */
  const removed: number[] = [];
  let length = 0;
  for (const part of parts.slice(0, -1)) {
    length += part.length;
    removed.push(length);
    length += 1;
  }
  return { original, text: parts.join('\n'), offsetOf: (index) => index + countBelow(removed, index) };
}

export type LineEnd = '\n' | '\r\n';

/**
 * The line end that text inserted at an offset takes: that of its line, else of the line before, else `\n`. To be asked with
 * rising offsets: a line is looked for once, however many places it has.
 */
export function risingLineEnds(original: string): (offset: number) => LineEnd {
  const last = original.lastIndexOf('\n');
  let at = -1;
  return (offset) => {
    if (at < offset && at !== last) at = original.indexOf('\n', offset);
    if (at < 0) at = last;
    return at > 0 && original.charAt(at - 1) === '\r' ? '\r\n' : '\n';
  };
}

/** 'crlf' or 'lf' when all line ends of a text are equal, 'none' without any, else 'mixed'. */
export function lineEndsOf(text: string): 'lf' | 'crlf' | 'mixed' | 'none' {
  let crlf = 0;
  let all = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    all += 1;
    if (at > 0 && text.charAt(at - 1) === '\r') crlf += 1;
  }
  if (all === 0) return 'none';
  if (crlf === 0) return 'lf';
  return crlf === all ? 'crlf' : 'mixed';
}

const diffTimeoutMs = 200;

/**
 * `text`, which has `\n` line ends, with those of `original` where lines stay or one takes another's place; added lines end
 * as the line before them does, the first one as `otherwise`.
 */
export function keepLineEnds(original: string, text: string, otherwise: '\n' | '\r\n'): string {
  if (!text.includes('\n')) return text;
  const ends = lineEndsOf(original);
  if (ends === 'lf' || (ends === 'none' && otherwise === '\n')) return text;
  if (ends !== 'mixed') return text.split('\n').join('\r\n');
  const old = original.split('\n');
  const lines = text.split('\n');
  const endOf = (index: number): string | undefined =>
    index < old.length - 1 ? (old[index]?.endsWith('\r') === true ? '\r\n' : '\n') : undefined;
  const parts = diffArrays(
    old.map((line, index) => (index < old.length - 1 ? line.replace(/\r$/, '') : line)),
    lines,
    { timeout: diffTimeoutMs },
  ) ?? [
    { value: old, removed: true, added: false },
    { value: lines, removed: false, added: true },
  ];
  let last: string = otherwise;
  let at = 0;
  let behind = 0;
  const ended: string[] = [];
  for (const { value, removed, added } of parts) {
    if (removed) {
      behind = at + value.length;
      continue;
    }
    if (!added) at = Math.max(at, behind);
    for (const line of value) {
      if (!added || at < behind) last = endOf(at++) ?? last;
      ended.push(line, last);
    }
    if (added) at = Math.max(at, behind);
  }
  return ended.slice(0, -1).join('');
}

/** How many of the ascending `values` lie below `limit`. */
function countBelow(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
