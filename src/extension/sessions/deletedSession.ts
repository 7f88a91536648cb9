import type { AgentId } from '../../core/protocol/ids';

/** A session that was deleted a moment ago. */
export interface Deleted {
  readonly sessionId: AgentId;
  readonly title: string;
}

const offeredMs = 10_000;

/** The session that can be brought back with one click, for ten seconds; by the command until the window closes. */
export class DeletedSession {
  readonly #onChange: () => void;
  #last: Deleted | undefined;
  #offered: Deleted | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** What the panel offers to bring back. */
  get offered(): Deleted | undefined {
    return this.#offered;
  }

  /** What was deleted last in this window and not brought back. */
  get last(): Deleted | undefined {
    return this.#last;
  }

  note(deleted: Deleted): void {
    this.#last = deleted;
    this.#offer(deleted);
    this.#timer = setTimeout(() => this.#offer(undefined), offeredMs);
    this.#timer.unref();
  }

  restored(sessionId: AgentId): void {
    if (this.#last?.sessionId === sessionId) this.#last = undefined;
    if (this.#offered?.sessionId === sessionId) this.#offer(undefined);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #offer(deleted: Deleted | undefined): void {
    clearTimeout(this.#timer);
    this.#offered = deleted;
    this.#onChange();
  }
}
