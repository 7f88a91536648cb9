import { deferred, type Deferred } from './deferred';

/**
 * A stream with one producer and one reader. What is pushed before anybody reads is kept; leaving the reader's loop
 * calls `onReturn`, so that the producer can stop.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #waiting: Deferred<IteratorResult<T>> | undefined;
  #end: { error?: Error } | undefined;
  readonly #onReturn: () => void;

  constructor(onReturn: () => void = () => undefined) {
    this.#onReturn = onReturn;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#end) return;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value: item });
    } else this.#items.push(item);
  }

  /** Lets the last unread item be replaced, so that a slow reader costs bounded memory. Returns whether it was. */
  replaceLast(merge: (last: T) => T | undefined): boolean {
    const last = this.#items.at(-1);
    if (last === undefined) return false;
    const merged = merge(last);
    if (merged === undefined) return false;
    this.#items[this.#items.length - 1] = merged;
    return true;
  }

  /** Drops what nobody has read yet. */
  clear(): void {
    this.#items = [];
  }

  /** Ends the stream after what was pushed; with an error, the reader's next step throws it. */
  end(error?: Error): void {
    if (this.#end) return;
    this.#end = error ? { error } : {};
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    if (error) waiting.reject(error);
    else waiting.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.#next(),
      return: () => {
        this.#items = [];
        this.end();
        this.#onReturn();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.#end)
      return this.#end.error ? Promise.reject(this.#end.error) : Promise.resolve({ done: true, value: undefined });
    this.#waiting = deferred<IteratorResult<T>>();
    return this.#waiting.promise;
  }
}
