import { diffArrays } from 'diff';

/** One replacement: the text from `start` up to, not including, `end` becomes `text`. Offsets are UTF-16 units. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const diffTimeoutMs = 500;

/**
 * What makes `after` of `before`, in whole lines with their line ends, ascending and never touching each other. Texts that
 * take longer than 500 ms to compare are told apart at their common start and end only.
 */
export function lineChanges(before: string, after: string): readonly TextChange[] {
  if (before === after) return [];
  const [old, fresh] = [textLines(before), textLines(after)];
  const head = commonStart(old, fresh);
  const tail = commonEnd(old, fresh, head);
  const [oldMiddle, freshMiddle] = [old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)];
  const start = lengthOf(old.slice(0, head));
  const parts = diffArrays([...oldMiddle], [...freshMiddle], { timeout: diffTimeoutMs }) ?? [
    { value: oldMiddle, removed: true, added: false },
    { value: freshMiddle, removed: false, added: true },
  ];
  const changes: TextChange[] = [];
  let at = start;
  for (const { value, added, removed } of parts) {
    const length = lengthOf(value);
    if (added || removed) {
      const open = changes.at(-1)?.end === at ? changes.pop() : undefined;
      const text = added ? value.join('') : '';
      changes.push({ start: open?.start ?? at, end: removed ? at + length : at, text: (open?.text ?? '') + text });
    }
    if (!added) at += length;
  }
  return changes;
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

function commonStart(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) if (one[index] !== other[index]) return index;
  return length;
}

function commonEnd(one: readonly string[], other: readonly string[], from: number): number {
  const length = Math.min(one.length, other.length) - from;
  for (let index = 0; index < length; index++)
    if (one[one.length - 1 - index] !== other[other.length - 1 - index]) return index;
  return length;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
