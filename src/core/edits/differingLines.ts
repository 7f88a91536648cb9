import { diffArrays } from 'diff';

/** The lines `start` up to, not including, `end` of one text stand where those of the other do. 0-based. */
export interface DifferingLines {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly freshStart: number;
  readonly freshEnd: number;
}

/** Within so many added and removed lines the fewest are found; beyond, texts are split at lines they have in common first. */
const cheapEdits = 100;
/** The most for a stretch without a line to split at. The work grows by the square, whatever the machine has to do else. */
const maxEdits = 1_000;

/**
 * Where two texts differ, ascending, no two of them side by side. The same texts always give the same: what is too different to
 * find the fewest lines is bounded by counting, not by time.
 */
export function differingLines(old: readonly string[], fresh: readonly string[]): readonly DifferingLines[] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line) ?? numbers.size;
    if (known === numbers.size) numbers.set(line, known);
    return known;
  };
  const texts = { old: old.map(numberOf), fresh: fresh.map(numberOf) };
  const found: DifferingLines[] = [];
  // A stack: texts that are split often would be too deep for calls. The last one is the first in the text.
  const open: DifferingLines[] = [{ oldStart: 0, oldEnd: old.length, freshStart: 0, freshEnd: fresh.length }];
  for (let next = open.pop(); next; next = open.pop()) {
    const span = trimmed(texts, next);
    if (span.oldStart === span.oldEnd && span.freshStart === span.freshEnd) continue;
    const { differing, toSplit } = compared(texts, span);
    found.push(...differing);
    open.push(...toSplit.toReversed());
  }
  return merged(found);
}

interface Texts {
  readonly old: readonly number[];
  readonly fresh: readonly number[];
}

interface Compared {
  readonly differing: readonly DifferingLines[];
  /** Parts that are smaller, to be compared on their own. */
  readonly toSplit: readonly DifferingLines[];
}

function compared(texts: Texts, span: DifferingLines): Compared {
  const done = (differing: readonly DifferingLines[]): Compared => ({ differing, toSplit: [] });
  if (span.oldStart === span.oldEnd || span.freshStart === span.freshEnd) return done([span]);
  const fewest = fewestEdits(texts, span, cheapEdits);
  if (fewest) return done(fewest);
  const unique = splitAt(
    span,
    anchorsOf(texts, span, (count) => count === 1),
  );
  if (unique) return { differing: [], toSplit: unique };
  const few = fewestEdits(texts, span, maxEdits);
  if (few) return done(few);
  const repeated = splitAt(
    span,
    anchorsOf(texts, span, () => true),
  );
  return repeated ? { differing: [], toSplit: repeated } : done([span]);
}

function trimmed({ old, fresh }: Texts, span: DifferingLines): DifferingLines {
  let { oldStart, oldEnd, freshStart, freshEnd } = span;
  while (oldStart < oldEnd && freshStart < freshEnd && old[oldStart] === fresh[freshStart]) {
    oldStart += 1;
    freshStart += 1;
  }
  while (oldStart < oldEnd && freshStart < freshEnd && old[oldEnd - 1] === fresh[freshEnd - 1]) {
    oldEnd -= 1;
    freshEnd -= 1;
  }
  return { oldStart, oldEnd, freshStart, freshEnd };
}

/** Undefined: there are more than `most`. */
function fewestEdits({ old, fresh }: Texts, span: DifferingLines, most: number): DifferingLines[] | undefined {
  const { oldStart, oldEnd, freshStart, freshEnd } = span;
  const parts = diffArrays(old.slice(oldStart, oldEnd), fresh.slice(freshStart, freshEnd), { maxEditLength: most });
  if (!parts) return undefined;
  const differing: DifferingLines[] = [];
  let [oldAt, freshAt] = [oldStart, freshStart];
  for (const { value, added, removed } of parts) {
    const [oldNext, freshNext] = [oldAt + (added ? 0 : value.length), freshAt + (removed ? 0 : value.length)];
    if (added || removed)
      differing.push({ oldStart: oldAt, oldEnd: oldNext, freshStart: freshAt, freshEnd: freshNext });
    [oldAt, freshAt] = [oldNext, freshNext];
  }
  return differing;
}

type Anchor = readonly [oldAt: number, freshAt: number];

/** Lines that stand as often on both sides, each with its partner, as many as keep their order. */
function anchorsOf(
  { old, fresh }: Texts,
  span: DifferingLines,
  isWanted: (count: number) => boolean,
): readonly Anchor[] {
  const [inOld, inFresh] = [placesOf(old, span.oldStart, span.oldEnd), placesOf(fresh, span.freshStart, span.freshEnd)];
  const pairs: Anchor[] = [];
  for (const [line, places] of inOld) {
    const partners = inFresh.get(line);
    if (partners?.length !== places.length || !isWanted(places.length)) continue;
    for (const [index, place] of places.entries()) pairs.push([place, partners[index] ?? 0]);
  }
  return longestAscending(pairs.sort(([one], [other]) => one - other));
}

function placesOf(lines: readonly number[], start: number, end: number): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  for (let at = start; at < end; at++) {
    const line = lines[at] ?? -1;
    const known = places.get(line);
    if (known) known.push(at);
    else places.set(line, [at]);
  }
  return places;
}

interface Chain {
  readonly anchor: Anchor;
  readonly previous: Chain | undefined;
}

/** Of pairs that ascend on the old side the most that ascend on the other one too. */
function longestAscending(pairs: readonly Anchor[]): readonly Anchor[] {
  /** The chain of each length that ends first. */
  const chains: Chain[] = [];
  for (const anchor of pairs) {
    let [low, high] = [0, chains.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((chains[middle]?.anchor[1] ?? 0) < anchor[1]) low = middle + 1;
      else high = middle;
    }
    chains[low] = { anchor, previous: chains[low - 1] };
  }
  const anchors: Anchor[] = [];
  for (let chain = chains.at(-1); chain; chain = chain.previous) anchors.push(chain.anchor);
  return anchors.reverse();
}

/** What lies between the anchors. Undefined: there is none. */
function splitAt(span: DifferingLines, anchors: readonly Anchor[]): readonly DifferingLines[] | undefined {
  if (anchors.length === 0) return undefined;
  const spans: DifferingLines[] = [];
  let [oldStart, freshStart] = [span.oldStart, span.freshStart];
  for (const [oldEnd, freshEnd] of [...anchors, [span.oldEnd, span.freshEnd] as const]) {
    spans.push({ oldStart, oldEnd, freshStart, freshEnd });
    [oldStart, freshStart] = [oldEnd + 1, freshEnd + 1];
  }
  return spans;
}

/** Those with no line between them are one. */
function merged(spans: readonly DifferingLines[]): readonly DifferingLines[] {
  const result: DifferingLines[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last?.oldEnd === span.oldStart && last.freshEnd === span.freshStart)
      result[result.length - 1] = { ...span, oldStart: last.oldStart, freshStart: last.freshStart };
    else result.push(span);
  }
  return result;
}
