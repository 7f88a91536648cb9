import { newAgentId, type AgentId } from '../protocol/ids';
import type { Salvaged } from './salvage';
import type { SessionMeta, SessionStore } from './store';

export interface SalvageResult {
  /** The new session. */
  readonly agentId: AgentId;
  readonly report: Salvaged['report'];
}

/** Writes what could be read of a damaged session into a new one. @param meta the damaged one's entry in the list. */
export async function salvageInto(store: SessionStore, meta: SessionMeta, salvaged: Salvaged): Promise<SalvageResult> {
  const agentId = newAgentId();
  const { templateId, createdAt, title, metadata, lineage } = meta;
  const known = salvaged.batches.find((batch) => batch.info)?.info ?? { templateId, createdAt, metadata, lineage };
  const info = { ...known, agentId, title: `${title} (recovered)` };
  const log = await store.open(agentId, 'create');
  try {
    for (const batch of salvaged.batches) await log.commit({ ...batch, info });
    if (salvaged.batches.length === 0) await log.commit({ envelopes: [], info });
    await log.barrier();
    await log.close();
  } catch (error) {
    await log.close();
    await store.delete(agentId);
    throw error;
  }
  return { agentId, report: salvaged.report };
}
