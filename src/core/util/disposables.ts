/** Something that was opened and must be closed. */
export interface Disposable {
  dispose(): void;
}

/** Owns what it is given and disposes it in reverse order, once; one failure does not keep the rest open. */
export class Disposables implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  /** Takes ownership. After `dispose` whatever comes is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#owned.push(item);
    return item;
  }

  defer(dispose: () => void): void {
    this.add({ dispose });
  }

  /** @throws the first failure, after everything was disposed. */
  dispose(): void {
    this.#disposed = true;
    const failures: unknown[] = [];
    for (let item = this.#owned.pop(); item; item = this.#owned.pop()) {
      try {
        item.dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
