import { StoreError } from '../errors';
import { newAgentId, type AgentId } from '../protocol/ids';
import type { Salvaged } from './salvage';
import type { SessionMeta, SessionStore } from './store';

/** What came of a damaged session. */
export interface SalvageResult {
  /** The new session. */
  readonly agentId: AgentId;
  readonly report: Salvaged['report'];
}

/**
 * Writes what could be read of a damaged session into a new one. @param meta the damaged one's entry in the list.
 * @throws StoreError 'damaged' when nothing could be read.
 */
export async function salvageInto(store: SessionStore, meta: SessionMeta, salvaged: Salvaged): Promise<SalvageResult> {
  if (salvaged.report.messages + salvaged.report.events === 0)
    throw new StoreError('damaged', `Nothing of the session ${meta.agentId} can be read any more.`, {
      advice: 'Its files are left as they are. Delete the session if you do not need it.',
    });
  const agentId = newAgentId();
  const { templateId, createdAt, title, metadata, lineage } = meta;
  const known = salvaged.batches.find((batch) => batch.info)?.info ?? { templateId, createdAt, metadata, lineage };
  const info = { ...known, agentId, title: `${title} (recovered)` };
  const log = await store.open(agentId, 'create');
  try {
    for (const batch of salvaged.batches) await log.commit({ ...batch, info });
    await log.barrier();
    await log.close();
  } catch (error) {
    await log.close();
    await store.delete(agentId);
    throw error;
  }
  return { agentId, report: salvaged.report };
}
