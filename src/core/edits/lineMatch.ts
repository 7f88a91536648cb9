/** A place in a text with `\n` line ends, and what stands there afterwards. */
export interface Replacement {
  readonly index: number;
  readonly length: number;
  readonly text: string;
}

/** How one line is compared; the passes go from strict to loose, and only in blanks and punctuation. */
interface LinePass {
  readonly key: (line: string) => string;
  /** Whether the lines may be indented otherwise, all of them by the same amount. */
  readonly reindents: boolean;
}

const withoutTrailingBlanks = (line: string): string => line.replace(/[ \t]+$/, '');
const trimmed = (line: string): string => withoutTrailingBlanks(line).replace(/^[ \t]+/, '');
const passes: readonly LinePass[] = [
  { key: (line) => line, reindents: false },
  { key: withoutTrailingBlanks, reindents: false },
  { key: trimmed, reindents: true },
  { key: (line) => trimmed(plainPunctuation(line.normalize('NFC'))), reindents: true },
  { key: (line) => trimmed(plainPunctuation(line.normalize('NFC'))).replace(/[ \t]+/g, ' '), reindents: true },
];

/** Typographic dashes, quotes and blanks as their ASCII counterparts; the length stays the same. */
export function plainPunctuation(text: string): string {
  return text
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, ' ');
}

/** The places where the lines of `find` stand, by the strictest comparison that finds any. All texts have `\n` line ends. */
export function matchLines(text: string, find: string, replacement: string): readonly Replacement[] {
  const wanted = wantedLines(find, replacement);
  if (wanted.find.every((line) => trimmed(line) === '')) return [];
  const lines = text.split('\n');
  for (const pass of passes) {
    const found = placesOf(lines, wanted.find, pass.key).flatMap((start) => {
      const shift = pass.reindents ? indentShift(lines.slice(start, start + wanted.find.length), wanted.find) : noShift;
      return shift ? [{ start, shift }] : [];
    });
    if (found.length === 0) continue;
    const offsets = startOffsets(lines);
    return found.flatMap(({ start, shift }) => replacementAt(lines, offsets, start, wanted, shift) ?? []);
  }
  return [];
}

interface WantedLines {
  readonly find: readonly string[];
  readonly replacement: readonly string[];
  /** The whole lines go, their line ends too. */
  readonly deletes: boolean;
}

/** The lines without blank ones around them: those are the most frequent thing to be miscounted. */
function wantedLines(find: string, replacement: string): WantedLines {
  const wanted = find.split('\n');
  const instead = replacement.split('\n');
  const isBlank = (line: string | undefined): boolean => line !== undefined && trimmed(line) === '';
  while (wanted.length > 1 && isBlank(wanted[0])) {
    wanted.shift();
    if (instead.length > 1 && isBlank(instead[0])) instead.shift();
  }
  while (wanted.length > 1 && isBlank(wanted.at(-1))) {
    wanted.pop();
    if (instead.length > 1 && isBlank(instead.at(-1))) instead.pop();
  }
  return { find: wanted, replacement: instead, deletes: replacement === '' && find.endsWith('\n') };
}

function placesOf(lines: readonly string[], find: readonly string[], key: LinePass['key']): readonly number[] {
  const keys = lines.map(key);
  const wanted = find.map(key);
  const places: number[] = [];
  for (let start = 0; start + wanted.length <= keys.length; start++)
    if (wanted.every((line, index) => keys[start + index] === line)) places.push(start);
  return places;
}

/** What all lines of the file have in front of those of `find`, or lack. */
type IndentShift =
  { readonly kind: 'add'; readonly blanks: string } | { readonly kind: 'remove'; readonly blanks: string };
const noShift: IndentShift = { kind: 'add', blanks: '' };

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** The one shift that explains the indentation of every line, or undefined. */
function indentShift(matched: readonly string[], find: readonly string[]): IndentShift | undefined {
  const pairs = find.flatMap((line, index) =>
    trimmed(line) === '' ? [] : [{ wanted: indentOf(line), actual: indentOf(matched[index] ?? '') }],
  );
  const first = pairs[0];
  if (!first) return undefined;
  const shift: IndentShift | undefined = first.actual.endsWith(first.wanted)
    ? { kind: 'add', blanks: first.actual.slice(0, first.actual.length - first.wanted.length) }
    : first.wanted.endsWith(first.actual)
      ? { kind: 'remove', blanks: first.wanted.slice(0, first.wanted.length - first.actual.length) }
      : undefined;
  return shift && pairs.every(({ wanted, actual }) => shifted(wanted, shift) === actual) ? shift : undefined;
}

function shifted(line: string, { kind, blanks }: IndentShift): string | undefined {
  if (kind === 'add') return blanks + line;
  return line.startsWith(blanks) ? line.slice(blanks.length) : undefined;
}

/** Lines that `find` and `replacement` share at both ends stay as they are in the file. Undefined: a new line cannot be shifted. */
function replacementAt(
  lines: readonly string[],
  offsets: readonly number[],
  start: number,
  { find, replacement, deletes }: WantedLines,
  shift: IndentShift,
): Replacement | undefined {
  const matched = lines.slice(start, start + find.length);
  const index = offsets[start] ?? 0;
  const length = matched.join('\n').length;
  const endsFile = start + find.length === lines.length;
  if (deletes) return { index, length: length + (endsFile ? 0 : 1), text: '' };
  const head = sharedPrefix(find, replacement);
  const tail = Math.min(
    sharedPrefix(find.toReversed(), replacement.toReversed()),
    find.length - head,
    replacement.length - head,
  );
  const changed: string[] = [];
  for (const line of replacement.slice(head, replacement.length - tail)) {
    const moved = trimmed(line) === '' ? line : shifted(line, shift);
    if (moved === undefined) return undefined;
    changed.push(moved);
  }
  return {
    index,
    length,
    text: [...matched.slice(0, head), ...changed, ...matched.slice(find.length - tail)].join('\n'),
  };
}

function sharedPrefix(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((line, index) => line !== other[index]);
  return differs < 0 ? Math.min(one.length, other.length) : differs;
}

function startOffsets(lines: readonly string[]): readonly number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const line of lines) {
    offsets.push(offset);
    offset += line.length + 1;
  }
  return offsets;
}
