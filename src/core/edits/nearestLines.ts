const maxShown = 3;
const maxLineCharacters = 160;

/**
 * The lines that share most words with the first telling line of `find`, best first, as `12: text`. Only for the message:
 * nothing is ever replaced because it is similar.
 */
export function nearestLines(text: string, find: string): readonly string[] {
  const wanted = find
    .split('\n')
    .map(wordsOf)
    .find((words) => words.size > 0);
  if (!wanted) return [];
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1, score: similarity(wanted, wordsOf(line)) }))
    .filter(({ score }) => score >= 0.3)
    .sort((one, other) => other.score - one.score || one.number - other.number)
    .slice(0, maxShown)
    .map(({ line, number }) => `${number}: ${shorten(line)}`);
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(
    line
      .slice(0, 2_000)
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+/gu) ?? [],
  );
}

/** Dice's coefficient: 0 nothing in common, 1 the same words. */
function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (other.size === 0) return 0;
  let shared = 0;
  for (const word of one) if (other.has(word)) shared += 1;
  return (2 * shared) / (one.size + other.size);
}

function shorten(line: string): string {
  const shown = line.replace(/\r$/, '');
  return shown.length > maxLineCharacters ? `${shown.slice(0, maxLineCharacters)}…` : shown;
}
