import { ToolError } from '../errors';
import { lineEndAt, unifyLineEnds, type UnifiedText } from './lineEnds';
import { matchLines, plainPunctuation, type Replacement } from './lineMatch';
import { nearestLines } from './nearestLines';

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
 * indentation, in typographic punctuation or in the width of blanks, the strictest of these that finds it. The inserted text
 * takes the line ends of the place; nothing outside the match changes.
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
  const places = findPlaces(unified.text, wanted, instead);
  if (places.length === 0) throw notFound(unified.text, wanted, instead);
  if (places.length > 1 && !replaceAll) throw notUnique(unified.text, places);
  const chosen = withoutOverlaps(places);
  const result = splice(unified, chosen);
  if (result === text)
    throw new ToolError('already_applied', 'The file holds the replacement already: nothing would change.', {
      advice: 'Read the file again before you edit it further.',
    });
  return { text: result, replacements: chosen.length };
}

function findPlaces(text: string, find: string, replacement: string): readonly Replacement[] {
  const exact = occurrences(text, find).map((index) => ({ index, length: find.length, text: replacement }));
  if (exact.length > 0) return exact;
  const lines = matchLines(text, find, replacement);
  return lines.length > 0 ? lines : matchPunctuation(text, find, replacement);
}

/** Inside of lines too, with typographic punctuation taken for plain: `it's` finds `it’s`. */
function matchPunctuation(text: string, find: string, replacement: string): readonly Replacement[] {
  const head = sharedStart(find, replacement);
  const tail = sharedEnd(find, replacement, head);
  return occurrences(plainPunctuation(text), plainPunctuation(find)).map((index) => {
    const matched = text.slice(index, index + find.length);
    const changed = replacement.slice(head, replacement.length - tail);
    const kept = matched.slice(0, head) + changed + matched.slice(matched.length - tail);
    return { index, length: find.length, text: kept };
  });
}

/** All places, overlapping ones too: `aa` stands in `aaa` twice, so it is not unique there. */
function occurrences(text: string, find: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(find); at >= 0; at = text.indexOf(find, at + 1)) found.push(at);
  return found;
}

function withoutOverlaps(places: readonly Replacement[]): readonly Replacement[] {
  const chosen: Replacement[] = [];
  let end = 0;
  for (const place of places) {
    if (place.index < end) continue;
    chosen.push(place);
    end = place.index + place.length;
  }
  return chosen;
}

/** Puts the replacements into the original. What a match and its replacement share at both ends is not touched. */
function splice({ original, text, offsetOf }: UnifiedText, places: readonly Replacement[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { index, length, text: replacement } of places) {
    const matched = text.slice(index, index + length);
    const head = sharedStart(matched, replacement);
    const tail = sharedEnd(matched, replacement, head);
    const inserted = replacement.slice(head, replacement.length - tail);
    const lineEnd = lineEndAt(original, offsetOf(index));
    parts.push(original.slice(done, offsetOf(index + head)), inserted.split('\n').join(lineEnd));
    done = offsetOf(index + length - tail);
  }
  parts.push(original.slice(done));
  return parts.join('');
}

function sharedStart(one: string, other: string): number {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}

/** The length of the common end that does not reach into the first `taken` characters of either. */
function sharedEnd(one: string, other: string, taken: number): number {
  const limit = Math.min(one.length, other.length) - taken;
  let length = 0;
  while (length < limit && one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length))
    length += 1;
  return length;
}

function notUnique(text: string, places: readonly Replacement[]): ToolError {
  const lines = places.slice(0, 10).map(({ index }) => lineNumberAt(text, index));
  const more = places.length > lines.length ? ', …' : '';
  return new ToolError(
    'not_unique',
    `The text to find stands in ${places.length} places: lines ${lines.join(', ')}${more}.`,
    { advice: 'Include more of the lines around the one you mean, or ask for all places to be replaced.' },
  );
}

/** Shorter texts are found by chance, a lone bracket for example. */
const minTellingCharacters = 8;

function notFound(text: string, find: string, replacement: string): ToolError {
  const telling = replacement.replace(/\s+/g, '').length >= minTellingCharacters;
  const present = telling ? text.indexOf(replacement) : -1;
  if (present >= 0)
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

function lineNumberAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
