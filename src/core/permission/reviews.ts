/** What the agents of a workspace changed and a person has not seen. Paths are as people know them (`display`). */
export interface Reviews {
  /** In the order in which they were changed first. */
  unreviewed(): readonly string[];
  /** An edit landed that nobody was asked about. */
  landedUnseen(paths: readonly string[]): void;
  /** The person takes these as they are. */
  reviewed(paths: readonly string[]): void;
}

/** Kept for as long as the process lives. */
export class MemoryReviews implements Reviews {
  readonly #paths = new Set<string>();

  unreviewed(): readonly string[] {
    return [...this.#paths];
  }

  landedUnseen(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path);
  }

  reviewed(paths: readonly string[]): void {
    for (const path of paths) this.#paths.delete(path);
  }
}
