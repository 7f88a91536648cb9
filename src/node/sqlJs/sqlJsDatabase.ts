import type { SqlDatabase, SqlRow, SqlStatement } from '../../core/store/sqlDatabase';
import type { DatabaseFiles } from './databaseFiles';
import { GroupCommit } from './groupCommit';
import type { RawDatabase, RawStatement } from './sqlJsApi';
import { fileError, sqlError, storeError } from './sqlJsErrors';

type State =
  { readonly kind: 'open' } | { readonly kind: 'closed' } | { readonly kind: 'broken'; readonly by: unknown };

/** One open database of sql.js. Made by the engine, which has set its pragmas. */
export class SqlJsDatabase implements SqlDatabase {
  readonly #database: RawDatabase;
  readonly #files: DatabaseFiles;
  readonly #disconnect: () => void;
  readonly #checkpointAtBytes: number;
  readonly #commits = new GroupCommit(() => this.#flush());
  #state: State = { kind: 'open' };
  /** How many of the log's writes are on the disk for certain. */
  #flushedWrites = 0;
  #nextCheckpointAtBytes: number;

  constructor(
    database: RawDatabase,
    files: DatabaseFiles,
    options: { readonly disconnect: () => void; readonly checkpointAtBytes: number },
  ) {
    this.#database = database;
    this.#files = files;
    this.#disconnect = options.disconnect;
    this.#checkpointAtBytes = options.checkpointAtBytes;
    this.#nextCheckpointAtBytes = options.checkpointAtBytes;
  }

  get walBytes(): number {
    return this.#files.walBytes;
  }

  exec(sql: string): void {
    this.#ask(sql, () => this.#database.run(sql));
    this.#checkpointWhenLarge();
  }

  query(sql: string): readonly SqlRow[] {
    const rows = this.#ask(sql, () => this.#database.exec(sql)[0]?.values ?? []);
    this.#checkpointWhenLarge();
    return rows;
  }

  prepare(sql: string): SqlStatement {
    const statement = this.#ask(sql, () => this.#database.prepare(sql));
    const rows = (params: SqlRow, atMost: number): readonly SqlRow[] => {
      const found = this.#ask(sql, () => readRows(statement, params, atMost));
      this.#checkpointWhenLarge();
      return found;
    };
    return {
      run: (params = []) => {
        rows(params, 0);
      },
      all: (params = []) => rows(params, Infinity),
      get: (params = []) => rows(params, 1)[0],
      // Closing has freed it; sql.js would free the memory a second time.
      free: () => {
        if (this.#state.kind === 'open') statement.free();
      },
    };
  }

  async sync(): Promise<void> {
    this.#failUnlessOpen();
    await this.#commits.flush();
  }

  close(): void {
    if (this.#state.kind !== 'open') return;
    // Without it everything is still in the log, which the next opening takes over.
    if (this.#files.access === 'write') this.#tryCheckpoint();
    this.#end({ kind: 'closed' });
  }

  abandon(): void {
    // SQLite takes the log over and removes it when it closes: it is told that the disk takes nothing any more.
    this.#files.breakBy(new Error('Another writer has taken the database over.'));
    this.#end({ kind: 'closed' });
  }

  async #flush(): Promise<void> {
    if (this.#flushedWrites === this.#files.walWrites) return;
    this.#failUnlessOpen();
    const writes = this.#files.walWrites;
    try {
      await this.#files.wal?.flush();
    } catch (error) {
      // Closed in the meantime, with everything taken over into the database: that is on the disk.
      if (this.#flushedWrites >= writes) return;
      this.#end({ kind: 'broken', by: error });
      throw this.#brokenError(error);
    }
    this.#flushedWrites = Math.max(this.#flushedWrites, writes);
  }

  #checkpointWhenLarge(): void {
    if (this.walBytes < this.#nextCheckpointAtBytes) return;
    // Refused inside of a transaction and on a full disk: it is tried again when the log has grown by as much once more.
    const isDone = this.#tryCheckpoint();
    this.#nextCheckpointAtBytes = this.#checkpointAtBytes + (isDone ? 0 : this.walBytes);
    this.#endIfBroken();
  }

  #tryCheckpoint(): boolean {
    const writes = this.#files.walWrites;
    try {
      const [row] = this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')[0]?.values ?? [];
      if (row?.[0] !== 0) return false;
      this.#flushedWrites = writes;
      return true;
    } catch (error) {
      this.#files.fault ??= error;
      return false;
    }
  }

  #ask<T>(sql: string, work: () => T): T {
    this.#failUnlessOpen();
    this.#files.fault = undefined;
    try {
      return work();
    } catch (error) {
      this.#endIfBroken();
      throw sqlError(error, this.#files.file, this.#files.fault, sql);
    }
  }

  /** A flush below SQLite failed: what it did not acknowledge may be lost, and this descriptor must not be asked again. */
  #endIfBroken(): void {
    const { broken } = this.#files;
    if (broken === undefined || this.#state.kind !== 'open') return;
    this.#end({ kind: 'broken', by: broken.by });
    throw this.#brokenError(broken.by);
  }

  #end(state: State): void {
    if (this.#state.kind !== 'open') return;
    this.#state = state;
    try {
      this.#database.close();
    } catch (error) {
      // Nothing more can be done about it than letting the descriptors go; the log is still there.
      this.#files.fault = error;
    } finally {
      this.#disconnect();
    }
  }

  #failUnlessOpen(): void {
    if (this.#state.kind === 'closed') throw storeError('closed', this.#files.file, 'The database is closed');
    if (this.#state.kind === 'broken') throw this.#brokenError(this.#state.by);
  }

  #brokenError(by: unknown): Error {
    const { message } = fileError(by, this.#files.file);
    return storeError(
      'io',
      this.#files.file,
      `A flush to the disk failed, so the database was closed (${message})`,
      by,
    );
  }
}

function readRows(statement: RawStatement, params: SqlRow, atMost: number): readonly SqlRow[] {
  const rows: SqlRow[] = [];
  try {
    statement.bind(params);
    while (statement.step()) {
      if (rows.length < atMost) rows.push(statement.get());
      if (rows.length === atMost && atMost > 0) break;
    }
    return rows;
  } finally {
    statement.reset();
  }
}
