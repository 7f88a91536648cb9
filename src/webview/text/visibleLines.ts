import { visibleParts, type VisiblePart } from './visibleText';

/** The parts of a text by line, without the line breaks; a folded run of blanks keeps those that are in it. */
export function visibleLines(text: string): readonly (readonly VisiblePart[])[] {
  const lines: VisiblePart[][] = [[]];
  for (const part of visibleParts(text)) {
    const [first = '', ...further] = part.kind === 'text' ? part.text.split('\n') : [part.text];
    if (first !== '') lines.at(-1)?.push({ ...part, text: first });
    for (const line of further) lines.push(line === '' ? [] : [{ ...part, text: line }]);
  }
  return lines;
}

/** Code is indented without anybody hiding something. */
const indent = /^[ \t]{0,60}/;

/** The parts of one line of source text. */
export function visibleSourceLine(line: string): readonly VisiblePart[] {
  const before = indent.exec(line)?.[0] ?? '';
  const parts = visibleParts(line.slice(before.length));
  return before === '' ? parts : [{ kind: 'text', text: before }, ...parts];
}
