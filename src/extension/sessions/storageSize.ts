import type { AppView } from '../../core/protocol/view';
import type { SessionStore } from '../../core/store/store';

type Size = NonNullable<AppView['storage']>;

/** Milliseconds for which a measured size is shown. */
const freshMs = 60_000;

/** What all sessions take on disk, measured when somebody looks at the list. */
export class StorageSize {
  readonly #store: SessionStore;
  readonly #sizeBytes: () => Promise<number>;
  readonly #onChange: () => void;
  #size: Size | undefined;
  #measuredAt = -Infinity;

  constructor(store: SessionStore, sizeBytes: () => Promise<number>, onChange: () => void) {
    this.#store = store;
    this.#sizeBytes = sizeBytes;
    this.#onChange = onChange;
  }

  /** The last measured size; undefined until then. */
  get value(): Size | undefined {
    return this.#size;
  }

  async measure(): Promise<void> {
    if (performance.now() - this.#measuredAt < freshMs) return;
    this.#measuredAt = performance.now();
    const [ids, sizeBytes] = await Promise.all([this.#store.list(), this.#sizeBytes()]);
    this.#size = { sessions: ids.length, sizeBytes };
    this.#onChange();
  }
}
