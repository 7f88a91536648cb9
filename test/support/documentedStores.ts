import * as path from 'node:path';
import type { ExtendedStore } from '../../src/core/store/documentedStore';
import { MemoryStore } from '../../src/core/store/memoryStore';
import type { SessionStore } from '../../src/core/store/store';
import { JSONStore } from '../../src/node/store/jsonStore';
import { SqliteStore } from '../../src/node/store/sqliteStore';

/** Every store that has the documented names. `make` may be called again with the same folder: another process would see the same. */
export const documentedStores: readonly {
  readonly name: string;
  readonly hasFiles: boolean;
  readonly make: (folder: string) => ExtendedStore & SessionStore;
}[] = [
  { name: 'MemoryStore', hasFiles: false, make: () => new MemoryStore() },
  { name: 'JSONStore', hasFiles: true, make: (folder) => new JSONStore(folder) },
  { name: 'SqliteStore', hasFiles: true, make: (folder) => new SqliteStore(path.join(folder, 'agents.db')) },
];
