import { ConfigError } from '../errors';
import type { Timers } from './timers';

/** So long a wait is cut in pieces: a timer stands still while a machine sleeps, and can be no longer than 2^31 ms. */
const longestWaitMs = 60_000;
/** A clock that was set back by more than this is believed: what is due is worked out anew. */
const setBackMs = 60_000;

interface Entry {
  /** The first time after this one. */
  readonly next: (time: number) => number;
  readonly run: () => Promise<void>;
  dueAt: number;
  isRunning: boolean;
}

/** What is due when, with one timer for all; none while nothing waits. */
export class TimeTable {
  readonly #now: () => number;
  readonly #timers: Timers;
  readonly #entries = new Map<string, Entry>();
  #seenAt: number;
  #stopTimer: (() => void) | undefined;

  constructor({ now, timers }: { readonly now: () => number; readonly timers: Timers }) {
    this.#now = now;
    this.#timers = timers;
    this.#seenAt = now();
  }

  /** @param run what is due while it still runs is left out */
  add(id: string, next: (time: number) => number, run: () => Promise<void>): void {
    this.#lookAtClock();
    this.#entries.set(id, { next, run, dueAt: next(this.#seenAt), isRunning: false });
    this.#arm();
  }

  remove(id: string): void {
    if (this.#entries.delete(id)) this.#arm();
  }

  #look(): void {
    this.#lookAtClock();
    for (const entry of this.#entries.values()) {
      if (entry.dueAt > this.#seenAt) continue;
      // Counted from now: what was slept through is done once.
      entry.dueAt = entry.next(this.#seenAt);
      if (entry.isRunning) continue;
      entry.isRunning = true;
      void entry.run().finally(() => (entry.isRunning = false));
    }
    this.#arm();
  }

  #lookAtClock(): void {
    const now = this.#now();
    const wasSetBack = now < this.#seenAt - setBackMs;
    this.#seenAt = now;
    if (wasSetBack) for (const entry of this.#entries.values()) entry.dueAt = entry.next(now);
  }

  #arm(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#entries.size === 0) return;
    const first = Math.min(...[...this.#entries.values()].map(({ dueAt }) => dueAt));
    const waitMs = Math.min(Math.max(first - this.#seenAt, 0), longestWaitMs);
    this.#stopTimer = this.#timers.set(waitMs, () => this.#look());
  }
}

/** When something is due that is done every so many minutes from `start` on. @throws ConfigError 'invalid_value'. */
export function everyInterval(minutes: number, start: number): (time: number) => number {
  const intervalMs = Math.round(minutes * 60_000);
  if (!(Number.isFinite(intervalMs) && intervalMs >= 1_000))
    throw new ConfigError('invalid_value', `everyMinutes cannot wait for ${minutes} minutes.`, {
      advice: 'Give a number of minutes from 1/60, a second, on.',
    });
  return (time) => start + intervalMs * (Math.floor((time - start) / intervalMs) + 1);
}
