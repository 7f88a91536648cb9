import type { HookChain } from '../hooks/hookChain';
import { MessageWatch } from '../hooks/messageWatch';
import type { AgentEvent } from '../protocol/events';
import type { AgentState } from './state';

/** Watches the conversation for the hooks that want to hear of its changes; undefined: none does. */
export function messageWatchOf(
  hooks: HookChain | undefined,
  { info, conversation }: AgentState,
  record: (events: readonly AgentEvent[]) => Promise<unknown>,
): MessageWatch | undefined {
  if (!hooks?.watchesMessages) return undefined;
  return new MessageWatch({
    ...{ hooks, agentId: info.agentId },
    read: () => conversation.read(),
    count: () => conversation.count,
    onFailure: ({ message }) => {
      const report: AgentEvent = { channel: 'monitor', type: 'error', severity: 'warn', phase: 'system', message };
      // A session that is closed by then has nowhere to report to.
      void record([report]).catch(() => undefined);
    },
  });
}
