export interface ListPorts<T> {
  readonly load: () => Promise<readonly T[]>;
  readonly save: (list: readonly T[]) => Promise<void>;
}

/** A list that is saved whole. What a commit wrote counts once all of the commit is written; until then the list before it does. */
export class KeptList<T> {
  readonly #ports: ListPorts<T>;
  #unsettled: { readonly before: readonly T[]; readonly after: readonly T[] } | undefined;
  /** As it was last saved, for as long as memory is not needed. */
  #last: WeakRef<readonly T[]> | undefined;

  constructor(ports: ListPorts<T>) {
    this.#ports = ports;
  }

  /** What counts. */
  async read(): Promise<readonly T[]> {
    return this.#unsettled?.before ?? this.#last?.deref() ?? this.#ports.load();
  }

  /** Saves what is made of it; without a change only what a failed commit has left in its place. */
  async write(change: ((before: readonly T[]) => readonly T[]) | undefined): Promise<void> {
    if (!change && !this.#unsettled) return;
    const before = await this.read();
    const after = change?.(before) ?? before;
    this.#unsettled = { before, after };
    await this.#ports.save(after);
  }

  /** The commit is written. */
  settle(): void {
    if (this.#unsettled) this.#last = new WeakRef(this.#unsettled.after);
    this.#unsettled = undefined;
  }
}
