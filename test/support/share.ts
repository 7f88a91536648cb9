import { seed } from './random';

/** Whether this is `npm run torture` and not the short share of `npm test`. */
export const isLong = process.env['COUNTERSIGN_TORTURE'] === 'long';

/** How many trials to make: the long run makes many times more. */
export function trials(short: number, long: number): number {
  return isLong ? long : short;
}

/** Numbered seeds of this run; the message of a failure names the one with which it comes again. */
export async function forEachSeed(count: number, trial: (seed: number) => Promise<void>): Promise<void> {
  for (let number = 0; number < count; number++) {
    const own = seed + number;
    try {
      await trial(own);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`with COUNTERSIGN_SEED=${own}: ${why}`, { cause: error });
    }
  }
}
