import type { Disposable } from './disposables';

/** Tells everybody who listens. A listener that throws does not keep the others from hearing: its failure reaches `onFailure`. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onFailure: (error: unknown) => void;

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Calls the listener with every value from now on, until what is returned is disposed. */
  readonly event = (listener: (value: T) => void): Disposable => {
    // The same function may listen twice.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#onFailure(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
