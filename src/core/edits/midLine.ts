import { indentOf } from './indentation';
import { isBlankLine } from './lineForms';

/**
 * Whether a single line was found behind its indentation while the lines that replace it are indented less: the model may
 * have left the indentation out everywhere, or only of the first line. Taken exactly, the new lines would stand too far left.
 */
export function isUnclearIndent(text: string, index: number, find: string, replacement: string): boolean {
  const line = find.endsWith('\n') ? find.slice(0, -1) : find;
  if (line.includes('\n') || isBlankLine(line) || indentOf(line) !== '') return false;
  const end = text.charAt(index + line.length);
  if (end !== '\n' && end !== '') return false;
  const indent = text.slice(text.lastIndexOf('\n', index - 1) + 1, index);
  if (indent === '' || !isBlankLine(indent)) return false;
  const [, ...others] = replacement.split('\n').filter((other) => !isBlankLine(other));
  return others.some((other) => !other.startsWith(indent));
}
