import { withoutOuterBlanks } from './lineForms';

const maxShown = 3;
const maxLineCharacters = 160;
/** A line that stands more often than this says nothing about the place. */
const maxTellingRepeats = 20;

/**
 * What stands in the file where `find` was most likely meant, as `12: text`: the lines that differ at the place where most of
 * its lines stand, else those that share most words with its first telling line. Only for the message: nothing is ever
 * replaced because it is similar.
 */
export function nearestLines(text: string, find: string): readonly string[] {
  const lines = text.split('\n');
  const wanted = find.split('\n').map(withoutOuterBlanks);
  const numbers = differingLines(lines, wanted) ?? similarLines(text, lines, wanted);
  return numbers.map((number) => `${number}: ${shorten(lines[number - 1] ?? '')}`);
}

/** Lets each line of `find` that is in the file vote for the place of the whole. Undefined: none is. */
function differingLines(lines: readonly string[], wanted: readonly string[]): readonly number[] | undefined {
  const indexes = new Map<string, number[]>();
  for (const line of wanted) if (line.length > 1) indexes.set(line, []);
  for (const [index, line] of lines.entries()) {
    const found = indexes.get(withoutOuterBlanks(line));
    if (found && found.length <= maxTellingRepeats) found.push(index);
  }
  const votes = new Map<number, number>();
  for (const [index, line] of wanted.entries()) {
    const found = indexes.get(line) ?? [];
    if (found.length > maxTellingRepeats) continue;
    for (const at of found) votes.set(at - index, (votes.get(at - index) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([, one], [, other]) => other - one);
  if (!best) return undefined;
  const [start] = best;
  const differing = wanted.flatMap((line, index) => {
    const actual = lines[start + index];
    return actual === undefined || withoutOuterBlanks(actual) === line ? [] : [start + index + 1];
  });
  // Equal but for the end of the file, or for blanks that cannot be matched: where it begins.
  return differing.length > 0 ? differing.slice(0, maxShown) : [Math.max(start, 0) + 1];
}

function similarLines(text: string, lines: readonly string[], find: readonly string[]): readonly number[] {
  const wanted = find.map(wordsOf).find((words) => words.size > 0);
  if (!wanted) return [];
  return lineNumbersWith(wanted, text)
    .map((number) => ({ number, score: similarity(wanted, lines[number - 1] ?? '') }))
    .filter(({ score }) => score >= 0.3)
    .sort((one, other) => other.score - one.score || one.number - other.number)
    .slice(0, maxShown)
    .map(({ number }) => number);
}

const maxSoughtWords = 8;
const maxLinesPerWord = 1_000;

/** The lines that hold one of the longest words, as many as can be compared in no time. */
function lineNumbersWith(words: ReadonlySet<string>, text: string): readonly number[] {
  const offsets = new Set<number>();
  const lower = text.toLowerCase();
  for (const word of [...words].sort((one, other) => other.length - one.length).slice(0, maxSoughtWords))
    for (let at = lower.indexOf(word), found = 0; at >= 0 && found < maxLinesPerWord; found++) {
      offsets.add(lower.lastIndexOf('\n', at) + 1);
      const end = lower.indexOf('\n', at);
      at = end < 0 ? -1 : lower.indexOf(word, end);
    }
  const numbers: number[] = [];
  let number = 1;
  let at = 0;
  for (const offset of [...offsets].sort((one, other) => one - other)) {
    for (let end = lower.indexOf('\n', at); end >= 0 && end < offset; end = lower.indexOf('\n', at)) {
      number += 1;
      at = end + 1;
    }
    numbers.push(number);
  }
  return numbers;
}

const maxComparedCharacters = 2_000;

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(
    line
      .slice(0, maxComparedCharacters)
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+/gu) ?? [],
  );
}

/** Dice's coefficient: 0 nothing in common, 1 the same words. */
function similarity(one: ReadonlySet<string>, line: string): number {
  const other = wordsOf(line);
  if (other.size === 0) return 0;
  let shared = 0;
  for (const word of one) if (other.has(word)) shared += 1;
  return (2 * shared) / (one.size + other.size);
}

function shorten(line: string): string {
  const shown = line.replace(/\r$/, '');
  return shown.length > maxLineCharacters ? `${shown.slice(0, maxLineCharacters)}…` : shown;
}
