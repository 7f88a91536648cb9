/** What a column holds. Whole numbers up to 2^53 only, in columns declared INTEGER. */
export type SqlValue = null | number | string | Uint8Array;
/** A row's values, in the order of the selected columns. */
export type SqlRow = readonly SqlValue[];

export interface SqlStatement {
  /** Runs it to its end. */
  run(params?: SqlRow): void;
  /** Every row. */
  all(params?: SqlRow): readonly SqlRow[];
  /** The first row. */
  get(params?: SqlRow): SqlRow | undefined;
  free(): void;
}

/**
 * One SQLite database on a real file, held by one connection; synchronous but for `sync`. Implementations: sql.js on real
 * files (`src/node/sqlJs`); `node:sqlite` can stand behind it too.
 * Every method throws StoreError 'damaged' | 'disk_full' | 'read_only' | 'io' | 'closed' for what the file system or SQLite refuses.
 */
export interface SqlDatabase {
  /** Runs statements without parameters and without rows. */
  exec(sql: string): void;
  /** The rows of the one statement: for pragmas and the like. */
  query(sql: string): readonly SqlRow[];
  prepare(sql: string): SqlStatement;
  /** Resolves once everything committed so far would survive a power cut. Callers at the same time share one flush. After a failure the database is closed: nothing can be said about what was not acknowledged. */
  sync(): Promise<void>;
  /** Bytes of the write-ahead log that a checkpoint would take over. */
  readonly walBytes: number;
  close(): void;
  /** Closes without writing anything: the files are another writer's now, and whatever `close` tidies up would harm its work. */
  abandon(): void;
}

/** Opens databases by path. */
export interface SqlEngine {
  /**
   * Creates the file when `mode` is 'create' and it is not there; 'existing' refuses a missing or empty one as 'damaged'.
   * @param image what an empty file begins with, durably. Default: an empty database
   */
  open(file: string, mode: 'create' | 'existing', image?: Uint8Array): SqlDatabase;
  /** The bytes of a database in which `make` was done, to begin others with: cheaper than doing it in each. Made in memory. */
  image(make: (db: Pick<SqlDatabase, 'exec' | 'query'>) => void): Uint8Array;
  /**
   * Runs `look` on a consistent state of a database that another process may be writing, and gives what it returns. Nothing is
   * locked and nothing written; tried again while the writer moves. @throws StoreError 'io' when it never held still.
   */
  readSnapshot<T>(file: string, look: (db: Pick<SqlDatabase, 'query' | 'prepare'>) => T): T;
}
