import type { AgentId } from '../../protocol/ids';
import { isJsonObject, type JsonObject } from '../../util/json';
import type { Store } from '../documentedStore';
import type { SessionRecord, SessionRecordKind } from '../store';
import type { UserStore } from './userStore';

type Names = readonly [save: 'saveCompressionRecord' | 'saveHistoryWindow', load: keyof Store];

/** Compactions are compressions to whoever reads the store; whatever else is kept beside a conversation goes with its windows. */
export function namesFor(kind: SessionRecordKind): Names {
  return kind === 'compaction' || kind === 'compression'
    ? ['saveCompressionRecord', 'loadCompressionRecords']
    : ['saveHistoryWindow', 'loadHistoryWindows'];
}

export async function saveRecord(store: UserStore, agentId: AgentId, record: SessionRecord): Promise<void> {
  const { kind, id, createdAt, body } = record;
  const [save] = namesFor(kind);
  await store.call(save, (own) => own[save]?.(agentId, { id: `${kind}:${id}`, timestamp: createdAt, kind, body }));
}

export async function readRecords(
  store: UserStore,
  agentId: AgentId,
  kind: SessionRecordKind,
): Promise<readonly SessionRecord[]> {
  const found = await store.list<JsonObject>(namesFor(kind)[1], (own) =>
    namesFor(kind)[0] === 'saveCompressionRecord'
      ? own.loadCompressionRecords?.(agentId)
      : own.loadHistoryWindows?.(agentId),
  );
  const byId = new Map<string, SessionRecord>();
  for (const saved of found) {
    if (!isJsonObject(saved) || saved['kind'] !== kind) continue;
    const { id, timestamp, body } = saved;
    if (typeof id === 'string' && typeof timestamp === 'number' && isJsonObject(body))
      byId.set(id, { kind, id: id.slice(kind.length + 1), createdAt: timestamp, body });
  }
  return [...byId.values()];
}
