/** One piece of work at a time, in the order they come. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws what `work` throws; the next one in line only waits for its end. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
