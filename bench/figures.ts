/** One line of a report: what was measured, and the figure with its unit. */
export function say(what: string, figure: string, bar = ''): void {
  console.log(`${what.padEnd(58)}${figure.padStart(16)}${bar === '' ? '' : `   bar ${bar}`}`);
}

export function title(text: string): void {
  console.log(`\n${text}`);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds with two places. */
export const ms = (value: number): string => `${value.toFixed(2)} ms`;
export const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)}x`;

export interface Timed<T> {
  readonly value: T;
  readonly elapsedMs: number;
  /** Of the processor, in all threads of this process: what it says on a machine that does other things too. Waiting for the disk is left out. */
  readonly cpuMs: number;
}

export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, elapsedMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

/** Bytes on the heap after everything that can go is gone. */
export async function heapBytes(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
