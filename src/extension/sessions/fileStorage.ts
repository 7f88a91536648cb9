import { mkdir } from 'node:fs/promises';
import { StoreError } from '../../core/errors';
import { newAgentId, type AgentId } from '../../core/protocol/ids';
import type { Salvaged } from '../../core/store/salvage';
import type { SessionStore } from '../../core/store/store';
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
  const format = sqliteFormat(await loadSqlJs(root));
  const store = new FileSessionStore({ dir, format });
  return {
    store,
    async *searchText(query, sessions, signal) {
      for await (const hit of searchSessions(store.layout, sessions, query, { maxPerSession: 1 }, signal))
        if (hit.in.kind === 'message') yield { agentId: hit.agentId, text: `${hit.before}${hit.match}${hit.after}` };
    },
    salvage: async (agentId) => rebuilt(store, agentId, await format.salvage(store.layout.sessionFolder(agentId))),
    sizeBytes: () => storageSize(root, new AbortController().signal),
    sweep: async (trashOlderThanMs) => {
      await store.sweep({ trashOlderThanMs });
    },
  };
}

/** A new session of what could be read of a damaged one, which stays as it is. @throws StoreError 'damaged' when nothing could be read. */
async function rebuilt(store: SessionStore, damaged: AgentId, { batches, report }: Salvaged): Promise<AgentId> {
  if (report.events === 0)
    throw new StoreError('damaged', `Nothing of the session ${damaged} can be read any more.`, {
      advice: 'Its file is left as it is. Delete the session if you do not need it.',
    });
  const agentId = newAgentId();
  const log = await store.open(agentId, 'create');
  try {
    for (const batch of batches) await log.commit(batch.info ? { ...batch, info: { ...batch.info, agentId } } : batch);
    await log.barrier();
  } finally {
    await log.close();
  }
  return agentId;
}
