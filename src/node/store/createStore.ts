import { StoreError } from '../../core/errors';
import { MemoryStore } from '../../core/store/memoryStore';
import { JSONStore } from './jsonStore';
import { SqliteStore } from './sqliteStore';

/** A store that forgets everything with the process. */
export interface MemoryStoreConfig {
  readonly type: 'memory';
}
/** A store of readable files. */
export interface JSONStoreConfig {
  readonly type: 'json';
  readonly dir: string;
}
/** A store of SQLite databases. */
export interface SqliteStoreConfig {
  readonly type: 'sqlite';
  /** See SqliteStore. */
  readonly dbPath: string;
  /** Default: the folder of `dbPath`. */
  readonly fileStoreBaseDir?: string;
}
/** Which store `createStore` makes. */
export type StoreConfig = MemoryStoreConfig | JSONStoreConfig | SqliteStoreConfig;

/** Makes a store of this type. Nothing is read or written before it is used. @throws StoreError 'not_supported' for another type. */
export function createStore(config: MemoryStoreConfig): MemoryStore;
export function createStore(config: JSONStoreConfig): JSONStore;
export function createStore(config: SqliteStoreConfig): SqliteStore;
export function createStore(config: StoreConfig): MemoryStore | JSONStore | SqliteStore;
export function createStore(config: StoreConfig): MemoryStore | JSONStore | SqliteStore {
  switch (config.type) {
    case 'memory':
      return new MemoryStore();
    case 'json':
      return new JSONStore(config.dir);
    case 'sqlite':
      return new SqliteStore(config.dbPath, config.fileStoreBaseDir);
    default:
      throw unknownType(config);
  }
}

function unknownType(config: never): StoreError {
  const { type } = config as { readonly type?: unknown };
  return new StoreError('not_supported', `There is no store of the type ${JSON.stringify(type)}.`, {
    advice: "Use 'memory', 'json' or 'sqlite'.",
  });
}
