/** One flush for all who ask while another is under way. `work` flushes all that was written before it begins. */
export class GroupCommit {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves once a flush is done that began after this call. */
  flush(): Promise<void> {
    this.#next ??= this.#afterRunning();
    return this.#next;
  }

  async #afterRunning(): Promise<void> {
    // Those who wait for the running one hear of its failure; this one fails by itself, when it must.
    await (this.#running ?? Promise.resolve()).catch(() => undefined);
    this.#running = this.#next;
    this.#next = undefined;
    try {
      await this.#work();
    } finally {
      this.#running = undefined;
    }
  }
}
