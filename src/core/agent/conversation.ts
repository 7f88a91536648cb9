import type { Message } from '../protocol/messages';
import type { SessionReader } from '../store/store';

/**
 * The messages of the current revision. They are read from the store when a turn needs them and let go after it, so that an
 * idle agent costs nothing for its history.
 */
export class Conversation {
  readonly #reader: Pick<SessionReader, 'readMessages'>;
  #count: number;
  /** Set while somebody works with the messages. */
  #held: Message[] | undefined;
  /** The same list between turns, for as long as memory is not needed. */
  #kept: WeakRef<Message[]> | undefined;
  #loading: Promise<Message[]> | undefined;

  constructor(reader: Pick<SessionReader, 'readMessages'>, count: number) {
    this.#reader = reader;
    this.#count = count;
    if (count === 0) this.#held = [];
  }

  get count(): number {
    return this.#count;
  }

  /** Loads the messages, which stay at hand until `release`. */
  async load(): Promise<readonly Message[]> {
    if (this.#held) return this.#held;
    this.#loading ??= this.#read().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** What was loaded; a request is made from it. @throws when nothing was. */
  get loaded(): readonly Message[] {
    if (!this.#held) throw new Error('The conversation was read before it was loaded.');
    return this.#held;
  }

  /** Lets go of the messages, where memory is short. */
  release(): void {
    if (this.#held) this.#kept = new WeakRef(this.#held);
    this.#held = undefined;
  }

  /** Takes stored messages over: the first `keep` of those before, then these. */
  append(messages: readonly Message[], keep = this.#count): void {
    const list = this.#held ?? this.#kept?.deref();
    if (list) {
      if (keep < list.length) list.length = keep;
      for (const message of messages) list.push(message);
    }
    this.#count = keep + messages.length;
  }

  async #read(): Promise<Message[]> {
    let list = this.#kept?.deref();
    while (list?.length !== this.#count) {
      const read = [...(await this.#reader.readMessages())];
      // What was stored meanwhile may be in it or not: then it is read again.
      if (read.length !== this.#count) continue;
      list = read;
    }
    this.#held = list;
    return list;
  }
}
