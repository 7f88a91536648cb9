import { skeletonOf } from './lineForms';

/**
 * The line numbers, from 0, at which lines with the skeletons of `find` follow each other: every place that any comparison
 * could accept, overlapping ones too. Linear in both (Knuth, Morris, Pratt over numbers that stand for lines).
 */
export function skeletonPlaces(lines: readonly string[], find: readonly string[]): readonly number[] {
  const numbers = new Map<string, number>();
  const wanted = find.map((line) => {
    const skeleton = skeletonOf(line);
    const number = numbers.get(skeleton) ?? numbers.size;
    numbers.set(skeleton, number);
    return number;
  });
  const shortest = Math.min(...[...numbers.keys()].map((skeleton) => skeleton.length));
  const firsts = new Set([...numbers.keys()].map((skeleton) => skeleton.charCodeAt(0)));
  const mayMatch = (line: string): boolean => {
    if (line.length < shortest) return false;
    const first = firstOf(line);
    return first === undefined || first > 0x7f || firsts.has(first);
  };
  const fallback = fallbacksOf(wanted);
  const places: number[] = [];
  let matched = 0;
  for (const [index, line] of lines.entries()) {
    const number = mayMatch(line) ? numbers.get(skeletonOf(line)) : undefined;
    while (matched > 0 && (matched === wanted.length || wanted[matched] !== number))
      matched = fallback[matched - 1] ?? 0;
    if (wanted[matched] === number) matched += 1;
    if (matched === wanted.length) places.push(index + 1 - matched);
  }
  return places;
}

/** The first character that is neither space nor tab: most lines differ in it already. */
function firstOf(line: string): number | undefined {
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code !== 0x20 && code !== 0x09) return code;
  }
  return undefined;
}

/** For each start of the pattern the length of its longest proper end that is a start too. */
function fallbacksOf(pattern: readonly number[]): readonly number[] {
  const lengths = [0];
  let length = 0;
  for (let index = 1; index < pattern.length; index++) {
    while (length > 0 && pattern[length] !== pattern[index]) length = lengths[length - 1] ?? 0;
    if (pattern[length] === pattern[index]) length += 1;
    lengths.push(length);
  }
  return lengths;
}
