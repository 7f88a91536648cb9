import { differingLines } from './differingLines';

/** One replacement: the text from `start` up to, not including, `end` becomes `text`. Offsets are UTF-16 units. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * What makes `after` of `before`, in whole lines with their line ends, ascending and never touching each other. Where they differ
 * in little these are the fewest lines; else the texts are told apart at the lines that they have in common.
 */
export function lineChanges(before: string, after: string): readonly TextChange[] {
  if (before === after) return [];
  const [old, fresh] = [textLines(before), textLines(after)];
  const [oldOffsets, freshOffsets] = [offsetsOf(old), offsetsOf(fresh)];
  return differingLines(old, fresh).map(({ oldStart, oldEnd, freshStart, freshEnd }) => ({
    start: oldOffsets[oldStart] ?? 0,
    end: oldOffsets[oldEnd] ?? 0,
    text: after.slice(freshOffsets[freshStart], freshOffsets[freshEnd]),
  }));
}

/** `text` with all changes, which are ascending and do not overlap. */
export function withChanges(text: string, changes: readonly TextChange[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const change of changes) {
    parts.push(text.slice(at, change.start), change.text);
    at = change.end;
  }
  return [...parts, text.slice(at)].join('');
}

/** Each with its line end, so that joined they are the text again. */
export function textLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Where each line starts, and where the last one ends. */
function offsetsOf(lines: readonly string[]): readonly number[] {
  const offsets = [0];
  let at = 0;
  for (const line of lines) offsets.push((at += line.length));
  return offsets;
}
