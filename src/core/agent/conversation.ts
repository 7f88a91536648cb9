import { summaryMessage, type Compaction } from '../context/compaction';
import type { Message } from '../protocol/messages';
import type { SessionReader } from '../store/store';

/**
 * The messages of the current revision after the part that a summary stands for. They are read from the store when a turn needs
 * them and let go after it, so that an idle agent costs nothing for its history.
 */
export class Conversation {
  readonly #reader: Pick<SessionReader, 'readMessages'>;
  #count: number;
  #summary: { readonly compaction: Compaction; readonly message: Message } | undefined;
  /** Set while somebody works with the messages. */
  #held: Message[] | undefined;
  /** The same list between turns, for as long as memory is not needed. */
  #kept: WeakRef<Message[]> | undefined;
  #loading: Promise<Message[]> | undefined;

  constructor(reader: Pick<SessionReader, 'readMessages'>, count: number, compaction?: Compaction) {
    this.#reader = reader;
    this.#count = count;
    this.#summary = compaction && { compaction, message: summaryMessage(compaction) };
    if (count === 0) this.#held = [];
  }

  /** All messages, those included that a summary stands for. */
  get count(): number {
    return this.#count;
  }

  /** The place of the first message that is loaded: what comes before is summed up. */
  get start(): number {
    return this.#summary?.compaction.messageCount ?? 0;
  }

  get compaction(): Compaction | undefined {
    return this.#summary?.compaction;
  }

  /** Loads the messages from `start` on, which stay at hand until `release`. */
  async load(): Promise<readonly Message[]> {
    if (this.#held) return this.#held;
    this.#loading ??= this.#read().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** What was loaded. @throws when nothing was. */
  get loaded(): readonly Message[] {
    if (!this.#held) throw new Error('The conversation was read before it was loaded.');
    return this.#held;
  }

  /** What a request is made from: the summary, if there is one, and the messages after it. */
  get forRequest(): readonly Message[] {
    return this.#summary ? [this.#summary.message, ...this.loaded] : this.loaded.slice();
  }

  /** The same, also where nothing is loaded; it stays as it is then. */
  async read(): Promise<readonly Message[]> {
    if (this.#held) return this.forRequest;
    const { start } = this;
    const summary = this.#summary ? [this.#summary.message] : [];
    return [...summary, ...(await this.#reader.readMessages({ from: start }))];
  }

  /** Lets go of the messages, where memory is short. */
  release(): void {
    if (this.#held) this.#kept = new WeakRef(this.#held);
    this.#held = undefined;
  }

  /** Takes stored messages over: the first `keep` of those before, then these. */
  append(messages: readonly Message[], keep = this.#count): void {
    const list = this.#held ?? this.#kept?.deref();
    if (keep < this.start) {
      // What the summary stands for is not all there any more.
      this.#summary = undefined;
      this.#forgetMessages();
    } else if (list) {
      if (keep - this.start < list.length) list.length = keep - this.start;
      for (const message of messages) list.push(message);
    }
    this.#count = keep + messages.length;
  }

  /** From now on the summary stands for the first messages; none: all of them are there again. */
  compacted(compaction: Compaction | undefined): void {
    const before = this.start;
    this.#summary = compaction && { compaction, message: summaryMessage(compaction) };
    const list = this.#held ?? this.#kept?.deref();
    if (list && this.start >= before) list.splice(0, this.start - before);
    else this.#forgetMessages();
  }

  #forgetMessages(): void {
    this.#held = undefined;
    this.#kept = undefined;
  }

  async #read(): Promise<Message[]> {
    let list = this.#kept?.deref();
    while (list?.length !== this.#count - this.start) {
      const { start } = this;
      const read = [...(await this.#reader.readMessages({ from: start }))];
      // What was stored meanwhile may be in it or not: then it is read again.
      if (read.length !== this.#count - this.start || start !== this.start) continue;
      list = read;
    }
    this.#held = list;
    return list;
  }
}
