/** A line in its parts; blanks are spaces, tabs and their typographic relatives. */
export interface LineParts {
  readonly indent: string;
  readonly body: string;
  readonly trailing: string;
}

export function partsOf(line: string): LineParts {
  let start = 0;
  while (start < line.length && isBlank(line.charCodeAt(start))) start += 1;
  let end = line.length;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return { indent: line.slice(0, start), body: line.slice(start, end), trailing: line.slice(end) };
}

export function isBlankLine(line: string): boolean {
  return partsOf(line).body === '';
}

export function isBlank(code: number): boolean {
  if (code === 0x20 || code === 0x09) return true;
  if (code < 0xa0) return false;
  return code === 0xa0 || (code >= 0x2002 && code <= 0x200a) || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** Loops, not `/[ \t]+$/`: on megabytes of blanks that takes minutes. */
export function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && isSpaceOrTab(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

export function withoutOuterBlanks(line: string): string {
  let start = 0;
  while (start < line.length && isSpaceOrTab(line.charCodeAt(start))) start += 1;
  return withoutTrailingBlanks(line.slice(start));
}

const beyondAscii = /[^\0-\x7f]/;
/** Dashes, single quotes, double quotes, blanks. */
const typographic =
  /([\u2010-\u2015\u2212])|([\u2018-\u201b])|([\u201c-\u201f])|[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g;

/** Typographic dashes, quotes and blanks as their ASCII counterparts; the length stays the same. */
export function plainPunctuation(text: string): string {
  if (!beyondAscii.test(text)) return text;
  return text.replace(typographic, (_found, dash?: string, single?: string, double?: string) =>
    dash ? '-' : single ? "'" : double ? '"' : ' ',
  );
}

/** Without outer blanks, composed, in plain punctuation. */
export function plainForm(line: string): string {
  if (!beyondAscii.test(line)) return withoutOuterBlanks(line);
  return withoutOuterBlanks(plainPunctuation(line.normalize('NFC')));
}

/** The plain form with every run of blanks as one, except inside of a string literal: there they are content. */
export function collapsedForm(line: string): string {
  const plain = plainForm(line);
  if (!/[ \t]{2}|\t/.test(plain)) return plain;
  // A typographic quote may be one or an apostrophe within a literal: what is content by either reading stays.
  const asWritten = withoutOuterBlanks(line.normalize('NFC'));
  const isContent = new Uint8Array(plain.length);
  for (const reading of asWritten.length === plain.length ? [plain, asWritten] : [plain])
    for (const { 0: text, index } of reading.matchAll(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g))
      isContent.fill(1, index, index + text.length);
  return plain.replace(/[ \t]+/g, (run, at: number) => (isContent[at] === 1 ? run : ' '));
}

/** What is left of a line under the loosest comparison: lines whose skeletons differ never match. */
export function skeletonOf(line: string): string {
  return plainForm(line).replace(/[ \t]+/g, '');
}

function isSpaceOrTab(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
