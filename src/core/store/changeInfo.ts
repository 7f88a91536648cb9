import { seqAfterUncleanEnd } from '../agent/cutOff';
import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { AgentInfo, OpenOptions, SessionStore } from './store';

/** What a person may change of a session without opening its agent. Of `metadata` what is not named stays. */
export type InfoChange = Partial<Pick<AgentInfo, 'title' | 'pinned' | 'metadata'>>;

export interface ChangeInfoOptions extends OpenOptions {
  readonly now?: () => number;
}

/**
 * Changes what is kept of a session that no agent of this process has open. Durable when it resolves. The options say what to
 * do about another window that has it open, and the time.
 * @throws StoreError 'not_found' | 'damaged' | 'conflict' when it is open here, SessionHeldError when it is open elsewhere.
 */
export async function changeInfo(
  store: Pick<SessionStore, 'open'>,
  agentId: AgentId,
  change: InfoChange,
  { now = Date.now, ...opts }: ChangeInfoOptions = {},
): Promise<void> {
  const log = await store.open(agentId, 'existing', opts);
  try {
    const { info, lastSeq, closedCleanly } = await log.load();
    if (!info)
      throw new StoreError('damaged', `The session ${agentId} has no information about its agent.`, {
        advice: 'Salvage it, then try again.',
      });
    // This closes the session cleanly: the numbers that the last writer may have given away in vain must be skipped now.
    const envelopes = closedCleanly ? [] : [seqAdvanced(lastSeq, now())];
    const metadata = change.metadata && { metadata: { ...info.metadata, ...change.metadata } };
    await log.commit({ envelopes, info: { ...info, ...change, ...metadata } });
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
