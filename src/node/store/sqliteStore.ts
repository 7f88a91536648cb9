import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import type { SqlEngine } from '../../core/store/sqlDatabase';
import type { SessionFormat } from '../sessionFormat';
import { loadSqlJs } from '../sqlJs/loadSqlJs';
import { FileStore } from './fileStore';
import { sqliteFormat, sqliteFormatFacts } from './sqliteLog';
import { StoreLayout } from './storeLayout';

/**
 * Agents as SQLite databases, `<fileStoreBaseDir>/v1/sessions/<id>/session.db`, one for each: no lock that all of them share, and
 * no native module. Several processes may use the folder at the same time; each agent is written by one of them.
 */
export class SqliteStore extends FileStore {
  /**
   * Nothing is read, written or loaded before the store is used. What does not work on this machine shows there, as StoreError
   * 'unavailable'.
   * @param dbPath The place for a catalogue of the agents, which is derived from them and can be made again. No file is made
   * there now: lists and queries are answered from the small file beside each agent's database.
   * @param fileStoreBaseDir Default: the folder of `dbPath`.
   */
  constructor(dbPath: string, fileStoreBaseDir: string = path.dirname(dbPath)) {
    super(fileStoreBaseDir, lazySqliteFormat(new StoreLayout(fileStoreBaseDir).root));
  }
}

/** Loads the engine with the first session. A failed loading is tried again: a full disk may have room then. */
function lazySqliteFormat(folder: string): SessionFormat {
  let loading: Promise<SessionFormat> | undefined;
  const format = (): Promise<SessionFormat> => {
    loading ??= loadEngine(folder).then(sqliteFormat);
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  return {
    ...sqliteFormatFacts,
    open: async (...args) => (await format()).open(...args),
    read: async (...args) => (await format()).read(...args),
    salvage: async (...args) => (await format()).salvage(...args),
  };
}

/** The engine tries itself in the store's own folder, which is there: a session's folder was made in it. One that can only be read is no reason not to read it. */
async function loadEngine(folder: string): Promise<SqlEngine> {
  try {
    return await loadSqlJs(folder);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'read_only') return loadSqlJs(tmpdir());
    throw error;
  }
}
