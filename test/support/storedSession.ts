import type { AgentRuntimeState } from '../../src/core/protocol/events';
import { newAgentId, newMessageId, type AgentId } from '../../src/core/protocol/ids';
import type { SessionStore } from '../../src/core/store/store';

export interface StoredSessionOptions {
  readonly title: string;
  /** When it was changed last, in milliseconds since 1970. */
  readonly at: number;
  /** What the user has said. Default: one word. */
  readonly said?: readonly string[];
  readonly pinned?: boolean;
  /** Default: `file:///here`. */
  readonly folders?: readonly string[];
  /** The agent whose subagent it is. */
  readonly parent?: string;
  /** Default READY. */
  readonly state?: AgentRuntimeState;
}

/** Puts a session into the store, as an agent would have left it. */
export async function storedSession(store: SessionStore, options: StoredSessionOptions): Promise<AgentId> {
  const { title, at, said = ['Hello.'], pinned = false, folders = ['file:///here'], state = 'READY' } = options;
  const metadata = { workspace: folders, ...(options.parent !== undefined && { parent: options.parent }) };
  const agentId = newAgentId();
  const log = await store.open(agentId, 'create');
  await log.commit({
    envelopes: [
      { cursor: 1, bookmark: { seq: 1, timestamp: at }, event: { channel: 'monitor', type: 'state_changed', state } },
    ],
    info: { agentId, templateId: 'coding', createdAt: at, title, pinned, metadata },
    messages: said.map((text) => ({
      id: newMessageId(),
      role: 'user',
      content: [{ type: 'text', text }],
      createdAt: at,
    })),
  });
  await log.close();
  return agentId;
}
