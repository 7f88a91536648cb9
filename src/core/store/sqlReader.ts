import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { readEventPage, readMessages, readSnapshots, readState, readToolCalls } from './sqlReading';
import type { SqlQueries } from './sqlRows';
import type { MessageRange, SessionReader, Snapshot, StoredState } from './store';

/** Where a reader finds its database. */
export interface SqlSource {
  /** For error texts. */
  readonly name: string;
  /** Runs `work` on one consistent state of the database and gives what it returns. */
  look<T>(work: (db: SqlQueries) => T): T;
  /** A text that is another one after every commit. */
  stamp(): string;
}

const eventsAtOnce = 500;

/** Reads a session from SQLite. */
export class SqlReader implements SessionReader {
  readonly #source: SqlSource;
  #closed = false;

  constructor(source: SqlSource) {
    this.#source = source;
  }

  async load(): Promise<StoredState> {
    return this.#look(readState);
  }

  async readMessages(range: MessageRange = {}): Promise<readonly Message[]> {
    return this.#look((db) => readMessages(db, range));
  }

  /** A page at a time, so that a long history neither sits in memory nor holds up everything else. */
  async *readEvents(opts: Parameters<SessionReader['readEvents']>[0] = {}): AsyncGenerator<Envelope> {
    let since = opts.since?.seq ?? 0;
    for (;;) {
      const page = this.#look((db) => readEventPage(db, since, opts.channels, eventsAtOnce));
      yield* page;
      if (page.length < eventsAtOnce) return;
      since = page.at(-1)?.bookmark.seq ?? since;
    }
  }

  async readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    return this.#look((db) => readToolCalls(db, ids));
  }

  async readSnapshots(): Promise<readonly Snapshot[]> {
    return this.#look(readSnapshots);
  }

  async version(): Promise<string> {
    this.checkOpen();
    return this.#source.stamp();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** @throws StoreError 'closed'. */
  protected checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', `${this.#source.name} was closed.`, { advice: 'Open it again.' });
  }

  #look<T>(work: (db: SqlQueries) => T): T {
    this.checkOpen();
    return this.#source.look(work);
  }
}
