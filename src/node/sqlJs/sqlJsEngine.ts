import type { SqlDatabase, SqlEngine } from '../../core/store/sqlDatabase';
import { systemCodeOf } from '../systemError';
import { DatabaseFiles } from './databaseFiles';
import type { FileCalls } from './fileCalls';
import type { FileSystemHook } from './fileSystemHook';
import { readStill } from './readStill';
import { rewriteLog } from './rewriteLog';
import type { RawDatabase, SqlJs } from './sqlJsApi';
import { SqlJsDatabase } from './sqlJsDatabase';
import { fileError, sqlError, storeError } from './sqlJsErrors';

/**
 * Each commit writes every page it touches whole: a step of eight small commits with 6 KB of text writes 100 KB in pages
 * of 4096, 34 KB of 1024, 23 KB of 512 bytes. The calls that small pages cost in reading are saved by reading ahead.
 */
const pageBytes = 512;
const checkpointAtPages = 4_000;

/** sql.js with its system calls hooked: one of it per process. */
export interface SqlJsProgram {
  readonly sqlJs: SqlJs;
  readonly hook: FileSystemHook;
}

/** Databases of one sql.js, over one way to call the file system. */
export class SqlJsEngine implements SqlEngine {
  readonly #program: SqlJsProgram;
  readonly #calls: FileCalls;

  constructor(program: SqlJsProgram, calls: FileCalls) {
    this.#program = program;
    this.#calls = calls;
  }

  open(file: string, mode: 'create' | 'existing', image?: Uint8Array): SqlDatabase {
    const files = this.#filesOf(file, 'write', mode === 'create');
    try {
      if (this.#program.hook.isOpenForWriting(files))
        throw storeError('conflict', files.file, 'The database is open already');
      if (mode === 'existing' && files.sizeBytes === 0) throw storeError('damaged', files.file, 'The file is empty');
      rewriteLog(files.file, this.#calls);
      if (image && files.sizeBytes === 0) files.begin(image);
    } catch (error) {
      files.close();
      throw fileError(error, files.file);
    }
    const { database, raw } = this.#connect(files);
    try {
      prepare(raw, files.file);
      return database;
    } catch (error) {
      const failure = sqlError(error, files.file, files.fault, 'opening it');
      database.close();
      throw failure;
    }
  }

  image(make: (db: Pick<SqlDatabase, 'exec' | 'query'>) => void): Uint8Array {
    // Nothing is connected: a name that the hook does not know stays in sql.js's memory.
    const raw = new this.#program.sqlJs.Database(new Uint8Array());
    try {
      raw.run(`PRAGMA page_size=${pageBytes}`);
      make({ exec: (sql) => void raw.run(sql), query: (sql) => raw.exec(sql)[0]?.values ?? [] });
      const bytes = raw.export();
      // Where the file format says how the database is written and read: 2 is with a write-ahead log (sqlite.org/fileformat2.html).
      bytes.fill(2, 18, 20);
      return bytes;
    } finally {
      raw.close();
    }
  }

  readSnapshot<T>(file: string, look: (db: Pick<SqlDatabase, 'query' | 'prepare'>) => T): T {
    return readStill(file, this.#calls, () => {
      const { database } = this.#connect(this.#filesOf(file, 'read', false));
      try {
        // Without shared memory: the index of the log is built in this process, from what the log holds now.
        database.exec('PRAGMA locking_mode=EXCLUSIVE');
        return look(database);
      } finally {
        database.close();
      }
    });
  }

  #filesOf(file: string, access: 'write' | 'read', mayCreate: boolean): DatabaseFiles {
    try {
      return new DatabaseFiles(file, access, mayCreate, this.#calls);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT' && !mayCreate)
        throw storeError('damaged', file, 'The file is not there', error);
      throw fileError(error, file);
    }
  }

  #connect(files: DatabaseFiles): { readonly database: SqlJsDatabase; readonly raw: RawDatabase } {
    const { sqlJs, hook } = this.#program;
    try {
      // With bytes sql.js makes a placeholder of that name in its memory, which its close() then takes away.
      const raw = hook.connect(files, () => new sqlJs.Database(new Uint8Array()));
      const disconnect = (): void => hook.disconnect(files);
      const checkpointAtBytes = checkpointAtPages * pageBytes;
      return { raw, database: new SqlJsDatabase(raw, files, { disconnect, checkpointAtBytes }) };
    } catch (error) {
      hook.disconnect(files);
      // sql.js asks for the text of this failure before it has the connection: its message means nothing.
      throw fileError(files.fault ?? error, files.file);
    }
  }
}

/** The order counts: EXCLUSIVE before the first read, or the write-ahead log would need shared memory. */
function prepare(raw: RawDatabase, file: string): void {
  raw.run('PRAGMA locking_mode=EXCLUSIVE');
  raw.run(`PRAGMA page_size=${pageBytes}`);
  const mode = raw.exec('PRAGMA journal_mode=WAL')[0]?.values[0]?.[0];
  if (mode !== 'wal') throw storeError('io', file, `The database keeps the journal mode ${JSON.stringify(mode)}`);
  raw.run('PRAGMA synchronous=NORMAL');
  raw.run('PRAGMA foreign_keys=ON');
  raw.run('PRAGMA wal_autocheckpoint=0');
  // What an earlier process left in the log becomes part of the database before anything is built on it.
  raw.run('PRAGMA wal_checkpoint(TRUNCATE)');
}
