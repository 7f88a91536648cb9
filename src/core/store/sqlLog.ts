import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import { checkRising } from './risingSeq';
import type { SqlDatabase, SqlRow, SqlStatement } from './sqlDatabase';
import { SqlReader } from './sqlReader';
import { callPlace, messagePlace, isMarkedClean, readPosition, type SqlPosition } from './sqlReading';
import { readRecordPlace, recordRow } from './sqlRecords';
import { channelMask, rowCrc } from './sqlRows';
import { inTransaction } from './sqlSchema';
import type { Batch, SessionLog } from './store';
import { wholeParts } from './wholeParts';

export interface SqlLogPorts {
  /** For error texts. */
  readonly name: string;
  /** Called right before each commit. @throws StoreError 'conflict' when another writer took over. */
  readonly checkLease: () => void;
}

/** Writes a session to a database that is at the newest version, and owns that database. */
export class SqlLog extends SqlReader implements SessionLog {
  readonly #db: SqlDatabase;
  readonly #checkLease: () => void;
  readonly #commits: { count: number };
  /** Prepared once, by their text. */
  readonly #statements = new Map<string, SqlStatement>();
  #position: SqlPosition;
  /** Whether the mark of a clean end stands in the database. */
  #isMarkedClean: boolean;
  #closing: Promise<void> | undefined;

  constructor(db: SqlDatabase, { name, checkLease }: SqlLogPorts) {
    const commits = { count: 0 };
    // Unlike in any other opening, so that no text comes twice.
    const opening = crypto.randomUUID();
    super({ name, look: (work) => work(db), stamp: () => `${opening} ${commits.count}` });
    this.#db = db;
    this.#checkLease = checkLease;
    this.#commits = commits;
    this.#position = readPosition(db);
    this.#isMarkedClean = isMarkedClean(db);
  }

  async commit(batch: Batch): Promise<void> {
    this.checkOpen();
    const lastSeq = checkRising(batch.envelopes, this.#position.lastSeq);
    this.#store(() => {
      if (this.#isMarkedClean) this.#run(`delete from meta where k = 'clean'`);
      const position = { ...this.#writeMessages(batch), lastSeq };
      this.#writeRest(batch, position);
      return { position, isMarkedClean: false };
    });
  }

  async barrier(): Promise<void> {
    this.checkOpen();
    await this.#db.sync();
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      if (this.#isOurs()) this.#markEnd();
    } finally {
      await super.close();
      for (const statement of this.#statements.values()) statement.free();
      // Even closing writes: it takes the log over into the database, which may be in another writer's hands.
      if (this.#isOurs()) this.#db.close();
      else this.#db.abandon();
    }
  }

  #isOurs(): boolean {
    try {
      this.#checkLease();
      return true;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'conflict') return false;
      throw error;
    }
  }

  #markEnd(): void {
    if (this.#isMarkedClean) return;
    this.#store(() => {
      this.#write('clean', true);
      return { position: this.#position, isMarkedClean: true };
    });
  }

  /** All that `write` does in one transaction; what it returns is true after it. */
  #store(write: () => { readonly position: SqlPosition; readonly isMarkedClean: boolean }): void {
    const { position, isMarkedClean } = inTransaction(this.#db, () => {
      const after = write();
      this.#checkLease();
      return after;
    });
    this.#position = position;
    this.#isMarkedClean = isMarkedClean;
    this.#commits.count++;
  }

  #writeMessages({ messages = [], keepMessages }: Batch): Omit<SqlPosition, 'lastSeq'> {
    let { rev, messageCount } = this.#position;
    if (keepMessages !== undefined) {
      messageCount = Math.min(keepMessages, messageCount);
      this.#run('insert into revisions(rev, base_rev, keep) values(?, ?, ?)', [rev + 1, rev, messageCount]);
      rev++;
    }
    for (const message of messages) {
      const body = JSON.stringify(message);
      const { id, role, createdAt } = message;
      const place = messagePlace(rev, messageCount);
      const row = [place, id, role, body, rowCrc(place, body), createdAt];
      this.#run('insert into messages(place, id, role, body, crc, ts) values(?, ?, ?, ?, ?, ?)', row);
      messageCount++;
    }
    return { rev, messageCount };
  }

  #writeRest(batch: Batch, { rev }: SqlPosition): void {
    this.#writeEvents(batch.envelopes);
    for (const call of batch.toolCalls ?? []) {
      const body = JSON.stringify(call);
      const crc = rowCrc(callPlace(call.id, call.state), body);
      this.#run(
        `insert into tool_calls(id, name, state, body, crc, ts) values(?, ?, ?, ?, ?, ?)
         on conflict(id) do update set name = excluded.name, state = excluded.state, body = excluded.body,
           crc = excluded.crc, ts = excluded.ts`,
        [call.id, call.name, call.state, body, crc, call.updatedAt],
      );
    }
    for (const snapshot of batch.snapshots ?? []) {
      const body = JSON.stringify(snapshot);
      this.#run(
        `insert into snapshots(id, rev, body, crc, ts) values(?, ?, ?, ?, ?)
         on conflict(id) do update set rev = excluded.rev, body = excluded.body, crc = excluded.crc, ts = excluded.ts`,
        [snapshot.id, rev, body, rowCrc(snapshot.id, body), snapshot.createdAt],
      );
    }
    for (const record of batch.records ?? [])
      this.#run(
        `insert into kv(kind, id, ts, body) values(?, ?, ?, ?) on conflict(kind, id) do update set body = excluded.body`,
        recordRow(record, readRecordPlace(this.#db, record)),
      );
    for (const name of wholeParts) if (batch[name] !== undefined) this.#write(name, batch[name]);
  }

  #writeEvents(envelopes: readonly Envelope[]): void {
    const last = envelopes.at(-1)?.bookmark;
    if (!last) return;
    const { seq, timestamp } = last;
    const body = JSON.stringify(envelopes);
    const channels = channelMask(envelopes.map(({ event }) => event.channel));
    const row = [seq, channels, body, rowCrc(seq, body), timestamp];
    this.#run('insert into events(seq, channels, body, crc, ts) values(?, ?, ?, ?, ?)', row);
  }

  #write(key: string, value: unknown): void {
    const body = JSON.stringify(value);
    this.#run(
      `insert into meta(k, v, crc) values(?, ?, ?) on conflict(k) do update set v = excluded.v, crc = excluded.crc`,
      [key, body, rowCrc(key, body)],
    );
  }

  #run(sql: string, params: SqlRow = []): void {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    statement.run(params);
  }
}
