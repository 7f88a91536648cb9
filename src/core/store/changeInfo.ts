import { seqAfterUncleanEnd } from '../agent/cutOff';
import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { AgentInfo, SessionStore } from './store';

/** What a person may change of a session without opening its agent. */
export type InfoChange = Partial<Pick<AgentInfo, 'title' | 'pinned'>>;

/**
 * Changes what is kept of a session that no agent of this process has open. Durable when it resolves.
 * @throws StoreError 'not_found' | 'damaged' | 'conflict' when it is open here, SessionHeldError when it is open elsewhere.
 */
export async function changeInfo(
  store: Pick<SessionStore, 'open'>,
  agentId: AgentId,
  change: InfoChange,
  now: () => number = Date.now,
): Promise<void> {
  const log = await store.open(agentId, 'existing');
  try {
    const { info, lastSeq, closedCleanly } = await log.load();
    if (!info)
      throw new StoreError('damaged', `The session ${agentId} has no information about its agent.`, {
        advice: 'Salvage it, then try again.',
      });
    // This closes the session cleanly: the numbers that the last writer may have given away in vain must be skipped now.
    const envelopes = closedCleanly ? [] : [seqAdvanced(lastSeq, now())];
    await log.commit({ envelopes, info: { ...info, ...change } });
    await log.barrier();
  } finally {
    await log.close();
  }
}

function seqAdvanced(from: number, timestamp: number): Envelope {
  const to = seqAfterUncleanEnd(from);
  return {
    cursor: to,
    bookmark: { seq: to, timestamp },
    event: { channel: 'monitor', type: 'seq_advanced', from, to },
  };
}
