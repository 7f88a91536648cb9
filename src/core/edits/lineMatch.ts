import { indentationOf, indentOf, type Indentation } from './indentation';
import { collapsedForm, isBlankLine, withoutTrailingBlanks } from './lineForms';
import { skeletonPlaces } from './linePlaces';
import { weaveLines } from './lineWeave';
import { insideLongText } from './longText';

/** A place in a text with `\n` line ends, and what stands there afterwards. */
export interface Replacement {
  readonly index: number;
  readonly length: number;
  readonly text: string;
}

/** A place where the lines stand, but where it cannot be told what is meant to stand there afterwards. */
export interface UnclearPlace {
  readonly index: number;
  readonly length: number;
  /** A part of a sentence. */
  readonly why: string;
}

export type LinePlace = Replacement | UnclearPlace;

/** How one line is compared. */
interface LinePass {
  readonly form: (line: string) => string;
  /** Whether the lines may be indented otherwise, all of them in the same way. */
  readonly reindents: boolean;
}

/**
 * Exact, else as loose as may be, and nothing between: where the blanks of a model are wrong once, they do not tell two
 * places apart that differ in nothing else.
 */
const passes: readonly LinePass[] = [
  { form: (line) => line, reindents: false },
  { form: collapsedForm, reindents: true },
];
/** Brackets alone stand at every depth: their indentation is what tells them apart. */
const passesForBrackets: readonly LinePass[] = [
  { form: (line) => line, reindents: false },
  { form: withoutTrailingBlanks, reindents: false },
];

/**
 * The places where the lines of `find` stand, exactly or but for blanks and punctuation. Blank lines around them are left
 * out where they do not match: those are the most frequent thing to be miscounted. All texts have `\n` line ends.
 */
export function matchLines(text: string, find: string, replacement: string): readonly LinePlace[] {
  const wanted = wantedLines(find, replacement);
  if (!wanted) return [];
  const lines = text.split('\n');
  const found = placesOf(text, lines, wanted);
  if (found.length > 0) return found;
  const inner = withoutBlankEdges(wanted);
  return inner ? placesOf(text, lines, inner) : [];
}

interface WantedLines {
  readonly find: readonly string[];
  readonly replacement: readonly string[];
  /** The whole lines go, their line ends too. */
  readonly deletes: boolean;
}

/** Undefined: not whole lines, or nothing but blanks. */
function wantedLines(find: string, replacement: string): WantedLines | undefined {
  const endsLine = find.endsWith('\n');
  const deletes = endsLine && replacement === '';
  // Without its line end the replacement would join the line behind it: said exactly that is done, else it is not guessed.
  if (endsLine && !deletes && !replacement.endsWith('\n')) return undefined;
  const wanted = (endsLine ? find.slice(0, -1) : find).split('\n');
  if (wanted.every(isBlankLine)) return undefined;
  const instead = endsLine && !deletes ? replacement.slice(0, -1) : replacement;
  return { find: wanted, replacement: deletes ? [] : instead.split('\n'), deletes };
}

/** Undefined: there are none, or the replacement has others, so that more than the lines between is meant to change. */
function withoutBlankEdges({ find, replacement, deletes }: WantedLines): WantedLines | undefined {
  const [leading, trailing] = blankEdges(find);
  if (leading + trailing === 0) return undefined;
  const inner = find.slice(leading, find.length - trailing);
  if (deletes) return { find: inner, replacement, deletes };
  const [before, after] = blankEdges(replacement);
  if (before !== leading || after !== trailing) return undefined;
  return { find: inner, replacement: replacement.slice(before, replacement.length - after), deletes };
}

function blankEdges(lines: readonly string[]): readonly [leading: number, trailing: number] {
  const leading = lines.findIndex((line) => !isBlankLine(line));
  if (leading < 0) return [0, 0];
  return [leading, lines.length - 1 - lines.findLastIndex((line) => !isBlankLine(line))];
}

const maxComparisons = 2_000_000;

function placesOf(text: string, lines: readonly string[], wanted: WantedLines): readonly LinePlace[] {
  const { find } = wanted;
  const candidates = skeletonPlaces(lines, find);
  if (candidates.length === 0) return [];
  const offsets = startOffsets(lines);
  if (candidates.length > 1 && candidates.length * find.length > maxComparisons)
    return candidates.map((start) => ({
      ...extentOf(lines, offsets, start, wanted),
      why: 'there are too many such places',
    }));
  for (const { form, reindents } of hasWords(find) ? passes : passesForBrackets) {
    const forms = find.map(form);
    const found = candidates.flatMap((start): LinePlace[] => {
      if (!forms.every((line, index) => form(lines[start + index] ?? '') === line)) return [];
      const matched = lines.slice(start, start + find.length);
      const indentation = reindents ? indentationOf(matched, find, lines, [...find, ...wanted.replacement]) : asItIs;
      return indentation ? [placeAt(text, lines, offsets, start, wanted, indentation)] : [];
    });
    if (found.length > 0) return found;
  }
  return [];
}

function hasWords(lines: readonly string[]): boolean {
  return lines.some((line) => /[\p{L}\p{N}_]/u.test(line));
}

const asItIs: Indentation = (indent) => indent;

function placeAt(
  text: string,
  lines: readonly string[],
  offsets: readonly number[],
  start: number,
  wanted: WantedLines,
  indentation: Indentation,
): LinePlace {
  const extent = extentOf(lines, offsets, start, wanted);
  if (wanted.deletes) return { ...extent, text: '' };
  const { find, replacement } = wanted;
  const matched = lines.slice(start, start + find.length);
  const woven = weaveLines(matched, find, replacement, indentation);
  if (woven.kind === 'unclear') return { ...extent, why: woven.why };
  const indentedAlike = matched.every((line, index) => indentOf(line) === indentOf(find[index] ?? ''));
  const inText = woven.runs.some(({ from, to }) => {
    const asWritten = matched.slice(from, to).every((line, index) => line === find[from + index]);
    return !(asWritten && indentedAlike) && insideLongText(text, offsets[start + from] ?? text.length);
  });
  if (inText) return { ...extent, why: 'they stand in a text of several lines, where blanks are content' };
  return { ...extent, text: woven.lines.join('\n') };
}

function extentOf(
  lines: readonly string[],
  offsets: readonly number[],
  start: number,
  { find, deletes }: WantedLines,
): { readonly index: number; readonly length: number } {
  const end = start + find.length;
  const index = offsets[start] ?? 0;
  const lineEnd = (offsets[end - 1] ?? 0) + (lines[end - 1] ?? '').length;
  return { index, length: lineEnd - index + (deletes && end < lines.length ? 1 : 0) };
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
