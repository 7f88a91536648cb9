import { ToolError } from '../errors';
import { alreadyApplied } from './alreadyApplied';
import { indentOf } from './indentation';
import { unifyLineEnds } from './lineEnds';
import { isBlankLine } from './lineForms';
import { matchLines, type LinePlace, type Replacement } from './lineMatch';
import { nearestLines } from './nearestLines';
import type { PatchHunk } from './patchFile';
import { clearPlace, lineNumberAt, notUnique, splice } from './textEdit';

/**
 * A file's text after all hunks, each found by its lines alone, as `replaceInText` finds them. Hunks may come in any order
 * but not overlap; line ends stay as they are, a missing final one too.
 * @throws ToolError 'no_match' | 'not_unique' | 'already_applied', naming the hunk.
 */
export function patchText(text: string, hunks: readonly PatchHunk[]): string {
  const unified = unifyLineEnds(text);
  const places: Replacement[] = [];
  for (const [index, hunk] of hunks.entries()) {
    try {
      const place = placeOf(unified.text, hunk);
      const taken = places.find((other) => overlap(other, place));
      if (taken) throw overlapping(unified.text, taken);
      places.push(place);
    } catch (error) {
      throw error instanceof ToolError ? inHunk(error, index, hunks) : error;
    }
  }
  return splice(
    unified,
    places.sort((one, other) => one.index - other.index),
  );
}

function placeOf(text: string, hunk: PatchHunk): Replacement {
  if (hunk.old.every(isBlankLine)) return insertion(text, hunk);
  const [find, replacement] =
    hunk.new.length === 0 ? [`${hunk.old.join('\n')}\n`, ''] : [hunk.old.join('\n'), hunk.new.join('\n')];
  const found = matchLines(text, find, replacement).filter((place) => !hunk.endsFile || endsText(text, place, hunk));
  const places = found.length > 1 && hunk.anchors.length > 0 ? within(text, hunk.anchors, found) : found;
  const [place, ...others] = places;
  if (!place) throw missing(text, hunk);
  if (others.length > 0) throw notUnique(text, places);
  const clear = withFinalLineEnd(text, clearPlace(text, place), hunk);
  if (text.slice(clear.index, clear.index + clear.length) === clear.text) throw nothingNew(text, clear);
  return clear;
}

/** Lines to add, and nothing that says where: only the end of a file is a place of its own. */
function insertion(text: string, { old, new: added, endsFile, finalLineEnd }: PatchHunk): Replacement {
  if (old.length === 0 && (endsFile || text === '')) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    const end = (text === '' || text.endsWith('\n')) && finalLineEnd !== 'remove' ? '\n' : '';
    return { index: text.length, length: 0, text: gap + added.join('\n') + end };
  }
  throw new ToolError('no_match', 'It has no context lines, so it does not say where its lines belong.', {
    advice: 'Give two or three unchanged lines around the new ones, or "*** End of File" behind them.',
  });
}

function endsText(text: string, { index, length }: LinePlace, { finalLineEnd }: PatchHunk): boolean {
  const rest = text.slice(index + length);
  return finalLineEnd === 'remove' ? rest === '' || rest === '\n' : rest.trim() === '';
}

/** Where the file has the line end that is to be added, or lacks the one to be removed, there is nothing to do about it. */
function withFinalLineEnd(text: string, place: Replacement, { new: added, finalLineEnd }: PatchHunk): Replacement {
  const rest = text.slice(place.index + place.length);
  const isEnded = added.length === 0 && (place.index === 0 || text.charAt(place.index - 1) === '\n');
  if (finalLineEnd === 'add' && rest === '' && !isEnded) return { ...place, text: `${place.text}\n` };
  if (finalLineEnd === 'remove' && rest === '\n') return { ...place, length: place.length + 1 };
  return place;
}

/** The places below the anchors, inside of what each of them begins as far as the indentation tells. */
function within(text: string, anchors: readonly string[], places: readonly LinePlace[]): readonly LinePlace[] {
  const lines = text.split('\n');
  let [from, to] = [0, lines.length];
  for (const anchor of anchors) {
    const wanted = anchor.trim();
    const found = [...lines.keys()].filter((index) => index >= from && index < to && lines[index]?.trim() === wanted);
    const [at] = found;
    if (at === undefined || found.length > 1)
      throw new ToolError(
        at === undefined ? 'no_match' : 'not_unique',
        `Its header ${JSON.stringify(anchor.slice(0, 200))} stands in ${found.length} lines of the file.`,
        { advice: 'Use a whole line that stands once, such as "@@ class Ledger:", or more context lines.' },
      );
    [from, to] = [at, endOfBlock(lines, at, to)];
  }
  return places.filter(({ index }) => {
    const line = lineNumberAt(text, index) - 1;
    return line >= from && line < to;
  });
}

function endOfBlock(lines: readonly string[], start: number, limit: number): number {
  const depth = indentOf(lines[start] ?? '').length;
  for (let index = start + 1; index < limit; index++) {
    const line = lines[index] ?? '';
    if (!isBlankLine(line) && indentOf(line).length <= depth && !/^\s*[{([\])}]/.test(line)) return index;
  }
  return limit;
}

function overlap(one: Replacement, other: Replacement): boolean {
  return one.index < other.index + other.length && other.index < one.index + one.length;
}

function overlapping(text: string, { index }: Replacement): ToolError {
  return new ToolError(
    'not_unique',
    `It changes lines that another hunk changes, from line ${lineNumberAt(text, index)}.`,
    {
      advice: 'Put both changes into one hunk.',
    },
  );
}

function nothingNew(text: string, { index }: Replacement): ToolError {
  return new ToolError(
    'already_applied',
    `Line ${lineNumberAt(text, index)} and those behind it are like this already.`,
    {
      advice: 'Leave this hunk out.',
    },
  );
}

function missing(text: string, { old, new: added, endsFile }: PatchHunk): ToolError {
  const present = alreadyApplied(text, old.join('\n'), added.join('\n'));
  if (present !== undefined)
    return new ToolError(
      'already_applied',
      `Its new lines are in the file already, at line ${lineNumberAt(text, present)}.`,
      {
        advice: 'Leave this hunk out, or read the file again.',
      },
    );
  const nearest = nearestLines(text, old.join('\n'));
  const shown = nearest.length === 0 ? 'No line is similar.' : `The nearest lines:\n${nearest.join('\n')}`;
  return new ToolError('no_match', `Its lines are not ${endsFile ? 'at the end of' : 'in'} the file. ${shown}`, {
    advice: 'Read these lines again and copy the context exactly.',
  });
}

function inHunk(error: ToolError, index: number, hunks: readonly PatchHunk[]): ToolError {
  return new ToolError(error.code, `Hunk ${index + 1} of ${hunks.length} does not apply. ${error.message}`, {
    advice: error.advice,
    cause: error,
  });
}
