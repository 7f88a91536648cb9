/** Random numbers that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  chance(share: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

/** The generator mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, chance: (share) => next() < share, pick: (choices) => choices[below(choices.length)]! };
}

const isLong = process.env['COUNTERSIGN_TORTURE'] === 'long';

/** The seed of this run: COUNTERSIGN_SEED; else the long run takes a new one and the short one always the same. Say it when a test fails. */
export const seed = Number(process.env['COUNTERSIGN_SEED'] ?? (isLong ? Date.now() % 1_000_000_000 : 20_261_121));
