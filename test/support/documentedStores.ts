import type { ExtendedStore } from '../../src/core/store/documentedStore';
import { MemoryStore } from '../../src/core/store/memoryStore';
import type { SessionStore } from '../../src/core/store/store';

/** Every store that has the documented names. `make` may be called again with the same folder: another process would see the same. */
export const documentedStores: readonly {
  readonly name: string;
  readonly hasFiles: boolean;
  readonly make: (folder: string) => ExtendedStore & SessionStore;
}[] = [{ name: 'MemoryStore', hasFiles: false, make: () => new MemoryStore() }];
