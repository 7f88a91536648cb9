import { newAgentId, type AgentId } from '../protocol/ids';
import { callsIn, copySession } from './copySession';
import type { AgentInfo, SessionLog, SessionReader, SessionStore, StoredState } from './store';

/**
 * Makes a session of its own from the whole history of another, or up to the start of the turn that runs in it. Its first own
 * event is `forked`. Nothing is left when it fails. @throws StoreError 'not_found' and what the store throws.
 */
export async function forkSession(sessions: SessionStore, from: AgentId): Promise<AgentId> {
  const reader = await sessions.read(from);
  try {
    const state = await reader.load();
    const place = await restingPlace(reader, state);
    const agentId = newAgentId();
    const { pinned: _pinned, ...inherited } = state.info ?? { templateId: '' };
    const info: AgentInfo = {
      ...inherited,
      agentId,
      createdAt: Date.now(),
      lineage: [...(state.info?.lineage ?? []), from],
    };
    const log = await sessions.open(agentId, 'create');
    try {
      await copySession(reader, log, place);
      await recordFork(log, from, place.seq, info);
    } catch (error) {
      await log.close();
      await sessions.delete(agentId);
      throw error;
    }
    await log.close();
    return agentId;
  } finally {
    await reader.close();
  }
}

async function recordFork(log: SessionLog, from: AgentId, atSeq: number, info: AgentInfo): Promise<void> {
  const seq = atSeq + 1;
  const event = { channel: 'monitor', type: 'forked', from, seq: atSeq } as const;
  await log.commit({ envelopes: [{ cursor: seq, bookmark: { seq, timestamp: info.createdAt }, event }], info });
  await log.barrier();
}

/** The last place at which every call has its answer. */
async function restingPlace(
  reader: SessionReader,
  { turn, messageCount, lastSeq }: StoredState,
): Promise<{ readonly messageCount: number; readonly seq: number }> {
  if (!turn) {
    const last = await reader.readMessages({ from: Math.max(0, messageCount - 1), to: messageCount });
    return { messageCount: callsIn(last).length > 0 ? messageCount - 1 : messageCount, seq: lastSeq };
  }
  let start = messageCount;
  for (let place = messageCount - 1; place >= 0 && start === messageCount; place--) {
    const [message] = await reader.readMessages({ from: place, to: place + 1 });
    if (message?.id === turn.messageId) start = place;
  }
  for await (const { event, bookmark } of reader.readEvents({ channels: ['progress'] }))
    if (event.type === 'user_message' && event.message.id === turn.messageId)
      return { messageCount: start, seq: bookmark.seq - 1 };
  return { messageCount: start, seq: lastSeq };
}
