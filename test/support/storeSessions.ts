import type { AgentId } from '../../src/core/protocol/ids';
import type { SessionStore } from '../../src/core/store/store';
import { batchOf, textMessage } from './batches';

/** A closed session with one message of this text. */
export async function sessionOf(store: SessionStore, agentId: AgentId, text = 'Hello there'): Promise<void> {
  const log = await store.open(agentId, 'create');
  await log.commit(batchOf(1, { messages: [textMessage(text)] }));
  await log.barrier();
  await log.close();
}
