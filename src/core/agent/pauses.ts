import type { PermissionId } from '../protocol/ids';

/** Watches whether a turn waits for decisions that nobody is about to make. */
export class Pauses {
  readonly #openIds: () => readonly PermissionId[];
  readonly #waitsSinceRestart: () => boolean;
  readonly #listened = new Set<PermissionId>();
  readonly #watchers = new Set<() => void>();

  /** @param waitsSinceRestart whether the turn waits to be gone on with after a restart */
  constructor(openIds: () => readonly PermissionId[], waitsSinceRestart: () => boolean) {
    this.#openIds = openIds;
    this.#waitsSinceRestart = waitsSinceRestart;
  }

  /** Called when every listener of a question has returned: if it is still open, the turn is paused. */
  listened(permissionId: PermissionId): void {
    this.#listened.add(permissionId);
    for (const watcher of this.#watchers) watcher();
  }

  /** The outcome of `work`, or of `onPause` as soon as it is paused. */
  async orPause<T>(work: Promise<T>, onPause: (open: readonly PermissionId[]) => T): Promise<T> {
    let watcher: () => void = () => undefined;
    const paused = new Promise<T>((resolve) => {
      watcher = () => {
        if (this.#isPaused()) resolve(onPause(this.#openIds()));
      };
    });
    this.#watchers.add(watcher);
    watcher();
    try {
      return await Promise.race([work, paused]);
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #isPaused(): boolean {
    const open = this.#openIds();
    if (open.length === 0) return this.#waitsSinceRestart();
    return open.every((id) => this.#listened.has(id));
  }
}
