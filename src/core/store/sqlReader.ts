import { StoreError } from '../errors';
import type { Channel, Envelope } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { type EventPage, readEventPage, readMessages, readSnapshots, readState, readToolCalls } from './sqlReading';
import { readRecords } from './sqlRecords';
import type { SqlQueries } from './sqlRows';
import type { MessageRange, SessionReader, SessionRecord, SessionRecordKind, Snapshot, StoredState } from './store';

/** Where a reader finds its database. */
export interface SqlSource {
  /** For error texts. */
  readonly name: string;
  /** Runs `work` on one consistent state of the database and gives what it returns. */
  look<T>(work: (db: SqlQueries) => T): T;
  /** A text that is another one after every commit. */
  stamp(): string;
}

const commitsAtOnce = 100;

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
    let since: number | undefined = opts.since?.seq ?? 0;
    while (since !== undefined) {
      const page = this.#eventPage(since, opts.channels);
      yield* page.envelopes;
      since = page.until;
    }
  }

  async readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    return this.#look((db) => readToolCalls(db, ids));
  }

  async readSnapshots(): Promise<readonly Snapshot[]> {
    return this.#look(readSnapshots);
  }

  async readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]> {
    return this.#look((db) => readRecords(db, kind));
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

  #eventPage(since: number, channels: readonly Channel[] | undefined): EventPage {
    return this.#look((db) => readEventPage(db, since, channels, commitsAtOnce));
  }

  #look<T>(work: (db: SqlQueries) => T): T {
    this.checkOpen();
    return this.#source.look(work);
  }
}
