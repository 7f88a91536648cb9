import type { AccountOfSession } from '../agent/spendingBook';
import type { EditCheckpoints } from '../checkpoints/checkpointRecorder';
import type { PermissionConfig } from '../permission/policy';
import type { HookOwner } from '../hooks/hookChain';
import type { Reviews } from '../permission/reviews';
import type { AgentRules } from '../permission/rules';
import type { EventOf } from '../protocol/events';
import type { AgentId, MessageId } from '../protocol/ids';
import type { SandboxConfig } from '../sandbox/sandboxConfig';
import type { SubAgentConfig } from './subagents';

/** What a subagent has from the agent that gave it its task, and what binds it. */
export interface Above {
  readonly agentId: AgentId;
  /** The policies of all agents above, the nearest first, as they are now: each call is judged by all of them. */
  readonly policies: () => readonly PermissionConfig[];
  /** The hooks of all agents above that see calls: they see the subagent's too. */
  readonly hooks: readonly HookOwner[];
  /** What the user allowed for good holds for the whole session. */
  readonly rules: AgentRules;
  readonly reviews: Reviews;
  /** The turn for which it works; absent: it works beside the turns. */
  readonly turn: TurnAbove | undefined;
  /** What all of them together may spend. */
  readonly account: AccountOfSession;
  /** Takes what a model call took into the sums of all agents above. Resolves once it is stored. */
  readonly spent: (event: EventOf<'token_usage'>) => Promise<void>;
  /** What is left for subagents of its own; undefined: it has none. */
  readonly subagents: SubAgentConfig | undefined;
  /** What the sandbox is made of, kept for a subagent that is brought back by itself; undefined: the host's standard one. */
  readonly sandbox: SandboxConfig | undefined;
}

/** The turn of the user's own session to which edits belong. */
export interface TurnAbove {
  readonly agentId: AgentId;
  /** The message that started it. */
  readonly turnId: MessageId;
  readonly checkpoints: EditCheckpoints;
}
