import { ToolError } from '../errors';
import { alreadyApplied } from './alreadyApplied';
import { keepLineEnds, lineEndsOf, risingLineEnds, unifyLineEnds, type LineEnd, type UnifiedText } from './lineEnds';
import { isBlank, isBlankLine, plainPunctuation } from './lineForms';
import { matchLines, type LinePlace, type Replacement } from './lineMatch';
import { isUnclearIndent } from './midLine';
import { nearestLines } from './nearestLines';
import { weaveText } from './lineWeave';

export interface ReplaceOptions {
  /** Every place instead of exactly one. */
  readonly replaceAll: boolean;
}

export interface TextEdit {
  readonly text: string;
  readonly replacements: number;
}

/**
 * Replaces `find` where it stands in `text`: as it is; else as whole lines that differ only in trailing blanks, in a common
 * indentation, in typographic punctuation or in the width of blanks. The inserted text takes the line ends, the indentation
 * and the quotes of the place; nothing outside of what `replacement` changes is touched. What cannot be told is refused.
 * @throws ToolError 'not_unique' | 'no_match' | 'already_applied' | 'invalid_arguments'.
 */
export function replaceInText(
  text: string,
  find: string,
  replacement: string,
  { replaceAll }: ReplaceOptions,
): TextEdit {
  const wanted = unifyLineEnds(find).text;
  const instead = unifyLineEnds(replacement).text;
  if (wanted === '')
    throw new ToolError('invalid_arguments', 'The text to find is empty.', {
      advice: 'Give the exact lines to replace, or write the whole file with fs_write.',
    });
  if (wanted === instead)
    throw new ToolError('already_applied', 'The text to find and its replacement are the same: nothing would change.', {
      advice: 'Leave it, or give another replacement.',
    });
  const unified = unifyLineEnds(text);
  const places = findPlaces(unified.text, wanted, instead, replaceAll);
  if (places.length === 0) throw notFound(unified.text, wanted, instead);
  if (places.length > 1 && !replaceAll) throw notUnique(unified.text, places);
  const chosen = withoutOverlaps(places).map((place) => clearPlace(unified.text, place));
  const result = splice(unified, chosen);
  if (result === text)
    throw new ToolError('already_applied', 'The file holds the replacement already: nothing would change.', {
      advice: 'Read the file again before you edit it further.',
    });
  return { text: result, replacements: chosen.length };
}

/** More places than these are not counted where one is wanted. */
const maxCounted = 100;

function findPlaces(text: string, find: string, replacement: string, all: boolean): readonly LinePlace[] {
  const exact = occurrences(text, find, all);
  const [index] = exact;
  if (index === undefined) {
    const lines = matchLines(text, find, replacement);
    return lines.length > 0 ? lines : matchPunctuation(text, find, replacement, all);
  }
  const places = exact.map((at) => placeAt(text, at, find, replacement));
  if (exact.length > 1) return places;
  const unclear = slipsBeforeBlanks(text, index, find, replacement);
  if (unclear) return [unclear];
  if (!isMidLine(text, index, find)) return places;
  // Behind its indentation it is exact by chance when the same lines stand elsewhere, indented as a whole.
  const lines = matchLines(text, find, replacement);
  return [...places, ...lines.filter((place) => index < place.index || index >= place.index + place.length)];
}

/** Found in front of trailing blanks, which in Markdown break the line: new lines would come between the two. */
function slipsBeforeBlanks(text: string, index: number, find: string, replacement: string): LinePlace | undefined {
  const end = index + find.length;
  const lineEnd = text.indexOf('\n', end);
  const rest = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  if (rest === '' || !isBlankLine(rest) || (index > 0 && text.charAt(index - 1) !== '\n')) return undefined;
  const [line, ...others] = matchLines(text, find, replacement);
  if (!line || others.length > 0 || line.index !== index || !('text' in line)) return undefined;
  if (line.text === replacement + rest) return undefined;
  return {
    index,
    length: find.length,
    why: 'there are blanks behind it, and where they belong afterwards cannot be told',
  };
}

/** Several lines of which the first is found behind its indentation. */
function isMidLine(text: string, index: number, find: string): boolean {
  const indent = text.slice(text.lastIndexOf('\n', index - 1) + 1, index);
  return indent !== '' && isBlankLine(indent) && !isBlank(find.charCodeAt(0)) && find.trim().includes('\n');
}

function placeAt(text: string, index: number, find: string, replacement: string): LinePlace {
  const place = { index, length: find.length };
  if (isUnclearIndent(text, index, find, replacement))
    return {
      ...place,
      why: 'its line is indented there, and whether the new lines are to be indented as well cannot be told',
    };
  return { ...place, text: replacement };
}

/** Inside of lines too, with typographic punctuation taken for plain: `it's` finds `it’s`. */
function matchPunctuation(text: string, find: string, replacement: string, all: boolean): readonly LinePlace[] {
  return occurrences(plainPunctuation(text), plainPunctuation(find), all).map((index) => {
    const place = { index, length: find.length };
    const kept = weaveText(text.slice(index, index + find.length), find, replacement);
    return kept === undefined
      ? { ...place, why: 'it is quoted otherwise there, and how the new text is to be quoted cannot be told' }
      : { ...place, text: kept };
  });
}

/** All places, overlapping ones too, up to a limit: `aa` stands in `aaa` twice, so it is not unique there. */
function occurrences(text: string, find: string, all: boolean): readonly number[] {
  const found: number[] = [];
  const step = all ? find.length : 1;
  for (let at = text.indexOf(find); at >= 0 && (all || found.length < maxCounted); at = text.indexOf(find, at + step))
    found.push(at);
  return found;
}

function withoutOverlaps(places: readonly LinePlace[]): readonly LinePlace[] {
  const chosen: LinePlace[] = [];
  let end = 0;
  for (const place of places) {
    if (place.index < end) continue;
    chosen.push(place);
    end = place.index + place.length;
  }
  return chosen;
}

export function clearPlace(text: string, place: LinePlace): Replacement {
  if ('text' in place) return place;
  const line = lineNumberAt(text, place.index);
  throw new ToolError('no_match', `The text to find stands at line ${line} in another form: ${place.why}.`, {
    advice: `Read the file from line ${line} again and give these lines exactly, with their blanks and punctuation.`,
  });
}

/** Puts the replacements into the original. */
export function splice({ original, offsetOf }: UnifiedText, places: readonly Replacement[]): string {
  const ends = lineEndsOf(original);
  const lineEnd = ends === 'mixed' ? risingLineEnds(original) : (): LineEnd => (ends === 'crlf' ? '\r\n' : '\n');
  const parts: string[] = [];
  let done = 0;
  for (const { index, length, text: replacement } of places) {
    const [from, to] = [offsetOf(index), offsetOf(index + length)];
    parts.push(original.slice(done, from));
    parts.push(
      replacement.includes('\n') ? keepLineEnds(original.slice(from, to), replacement, lineEnd(from)) : replacement,
    );
    done = to;
  }
  parts.push(original.slice(done));
  return parts.join('');
}

export function notUnique(text: string, places: readonly LinePlace[]): ToolError {
  const lines = places.slice(0, 10).map(({ index }) => lineNumberAt(text, index));
  const more = places.length > lines.length ? ', …' : '';
  const count = places.length === maxCounted ? `${maxCounted} or more` : String(places.length);
  return new ToolError('not_unique', `The text to find stands in ${count} places: lines ${lines.join(', ')}${more}.`, {
    advice: 'Include more of the lines around the one you mean, or ask for all places to be replaced.',
  });
}

function notFound(text: string, find: string, replacement: string): ToolError {
  const present = alreadyApplied(text, find, replacement);
  if (present !== undefined)
    return new ToolError(
      'already_applied',
      `The text to find is not in the file, but the replacement is, at line ${lineNumberAt(text, present)}.`,
      { advice: 'It seems to be applied already. Read the file again before you edit it further.' },
    );
  const nearest = nearestLines(text, find);
  const shown = nearest.length === 0 ? 'No line is similar.' : `The nearest lines:\n${nearest.join('\n')}`;
  return new ToolError('no_match', `The text to find is not in the file. ${shown}`, {
    advice: 'Read these lines again and copy what you want to replace exactly, with its indentation.',
  });
}

export function lineNumberAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
