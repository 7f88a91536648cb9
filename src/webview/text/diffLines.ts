/** One line of a unified diff as it is drawn: the sign is a column of its own. */
export interface DiffLine {
  readonly kind: 'added' | 'removed' | 'context' | 'hunk' | 'note';
  readonly text: string;
}

/** Splits a unified diff without file header into lines. */
export function diffLines(diff: string): readonly DiffLine[] {
  if (diff === '') return [];
  const lines = diff.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(toDiffLine);
}

function toDiffLine(line: string): DiffLine {
  const text = line.slice(1);
  switch (line.charAt(0)) {
    case '+':
      return { kind: 'added', text };
    case '-':
      return { kind: 'removed', text };
    case '@':
      return { kind: 'hunk', text: line };
    case '\\':
      return { kind: 'note', text: text.trim() };
    default:
      return { kind: 'context', text };
  }
}
