import { mkdir } from 'node:fs/promises';
import { searchSessions } from '../../node/store/sessionSearch';
import { FileSessionStore } from '../../node/store/fileSessionStore';
import { storageSize } from '../../node/store/storageSize';
import { sqliteFormat } from '../../node/store/sqliteLog';
import { StoreLayout } from '../../node/store/storeLayout';
import { loadSqlJs } from '../../node/sqlJs/loadSqlJs';
import type { SessionStorage } from './openStore';

/**
 * Sessions as SQLite databases in a folder that all windows share. The engine proves itself first.
 * @throws StoreError 'unavailable' | 'read_only' | 'disk_full', and what making the folder throws
 */
export async function fileStorage(dir: string): Promise<SessionStorage> {
  const { root } = new StoreLayout(dir);
  await mkdir(root, { recursive: true });
  const store = new FileSessionStore({ dir, format: sqliteFormat(await loadSqlJs(root)) });
  return {
    store,
    async *searchText(query, sessions, signal) {
      for await (const hit of searchSessions(store.layout, sessions, query, { maxPerSession: 1 }, signal))
        if (hit.in.kind === 'message') yield { agentId: hit.agentId, text: `${hit.before}${hit.match}${hit.after}` };
    },
    salvage: async (agentId) => (await store.salvage(agentId)).agentId,
    sizeBytes: () => storageSize(root, new AbortController().signal),
    sweep: async (trashOlderThanMs) => {
      await store.sweep({ trashOlderThanMs });
    },
  };
}
