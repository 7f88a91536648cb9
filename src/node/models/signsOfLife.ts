import type { KeepAlive } from '../../core/model/provider';

/** Beats closer together than this count as one: they only have to come more often than any idle time-out. */
const intervalMs = 250;

/** Tells one listener of something that happens again and again. */
export class Pulse {
  #lastAt = performance.now();
  #onBeat: (() => void) | undefined;

  beat(): void {
    const now = performance.now();
    if (now - this.#lastAt < intervalMs) return;
    this.#lastAt = now;
    this.#onBeat?.();
  }

  /** Resolves at the next beat; only the last one who asked is told. */
  next(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#onBeat = () => resolve(undefined);
    });
  }
}

/**
 * What the source says and, while it says nothing, a sign of life at each beat: comments, pings and events of which the
 * SDK tells nothing keep a call alive whose model thinks in silence. Leaving the loop leaves the source as it is.
 */
export async function* withSignsOfLife<T>(
  source: AsyncIterator<T, void, undefined>,
  pulse: Pulse,
): AsyncGenerator<T | KeepAlive, void, undefined> {
  let next = source.next();
  for (;;) {
    const first = await Promise.race([next, pulse.next()]);
    if (first === undefined) {
      yield { type: 'keep_alive' };
    } else {
      if (first.done) return;
      yield first.value;
      next = source.next();
    }
  }
}
