import { deferred, type Deferred } from './deferred';
import type { Disposable } from './disposables';

/**
 * Waits for one thing after the other, each for a limited time. One timer and one listener serve all of them: streams wait
 * hundreds of thousands of times.
 */
export class Patience implements Disposable {
  readonly #tooLong: (limitMs: number) => Error;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.#current?.reject(this.#signal.reason);
  #current: Deferred<unknown> | undefined;
  #limitMs = 0;
  #dueAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firesAt = 0;

  /** @param tooLong makes the error of a wait that reached its limit. */
  constructor(tooLong: (limitMs: number) => Error, signal: AbortSignal) {
    this.#tooLong = tooLong;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort);
  }

  /** The work's outcome. @throws what `tooLong` made after `limitMs`; the signal's reason when it is aborted. */
  async wait<T>(work: Promise<T>, limitMs: number): Promise<T> {
    const current = deferred<T>();
    this.#current = current as Deferred<unknown>;
    work.then(current.resolve, current.reject);
    if (this.#signal.aborted) this.#onAbort();
    this.#limitMs = limitMs;
    this.#dueAt = performance.now() + limitMs;
    if (this.#timer === undefined || this.#dueAt < this.#firesAt) this.#arm(limitMs);
    try {
      return await current.promise;
    } finally {
      this.#current = undefined;
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #arm(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = performance.now() + delayMs;
    this.#timer = setTimeout(() => this.#look(), delayMs);
  }

  #look(): void {
    this.#timer = undefined;
    const leftMs = this.#dueAt - performance.now();
    if (leftMs > 0) this.#arm(leftMs);
    else this.#current?.reject(this.#tooLong(this.#limitMs));
  }
}
