import type { Timers } from '../../src/core/schedule/timers';

/** A clock that goes on only when it is told to, and its timers. */
export class FakeClock {
  time: number;
  /** How many timers were set and neither fired nor called off. */
  readonly #waiting = new Map<() => void, number>();

  constructor(time: number | string) {
    this.time = new Date(time).getTime();
  }

  readonly now = (): number => this.time;

  get openTimers(): number {
    return this.#waiting.size;
  }

  readonly timers: Timers = {
    set: (ms, fire) => {
      const own = (): void => fire();
      this.#waiting.set(own, this.time + ms);
      return () => void this.#waiting.delete(own);
    },
  };

  /** Goes on; what is due on the way is called at its time. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.#waiting].filter(([, at]) => at <= end).sort(([, one], [, other]) => one - other)[0];
      if (!next) break;
      this.#waiting.delete(next[0]);
      this.time = Math.max(this.time, next[1]);
      next[0]();
      await settled();
    }
    this.time = end;
  }

  /** The machine sleeps: time passes and no timer knows of it; then it goes on for a minute. */
  async sleep(ms: number): Promise<void> {
    const waiting = [...this.#waiting];
    this.time += ms;
    for (const [fire, at] of waiting) this.#waiting.set(fire, at + ms);
    await this.advance(60_000);
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
