import type { EditCheckpoints } from '../checkpoints/checkpointRecorder';
import type { Above } from '../delegates/above';
import type { HookChain } from '../hooks/hookChain';
import type { PermissionModeRegistry } from '../permission/permissionModeRegistry';
import type { PermissionConfig } from '../permission/policy';
import type { Reviews } from '../permission/reviews';
import type { AgentRules } from '../permission/rules';
import type { BreakpointState } from '../protocol/events';
import type { AgentId, MessageId } from '../protocol/ids';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { Sandbox } from '../sandbox/sandbox';
import type { Tool, ToolContext, ToolPlan, ToolServices } from '../tools/tool';
import type { JsonObject, JsonValue } from '../util/json';
import type { Approvals } from './approvals';
import type { Change, Gathered } from './journal';

/** What a tool call needs of its agent. */
export interface ToolCallPorts {
  readonly agentId: AgentId;
  /** The message that started the turn. */
  readonly turnId: MessageId;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly sandbox: Sandbox;
  readonly services: ToolServices;
  /** As it is now: it may be switched while a turn runs. */
  readonly permission: () => PermissionConfig;
  /** Who judges beside it, and for whose turn edits count. */
  readonly above: Pick<Above, 'policies' | 'turn'> | undefined;
  /** The modes of the embedder. */
  readonly modes: PermissionModeRegistry;
  /** The embedder's; undefined: there are none. */
  readonly hooks: HookChain | undefined;
  readonly rules: AgentRules;
  readonly reviews: Reviews;
  readonly checkpoints: EditCheckpoints;
  readonly approvals: Approvals;
  readonly toolTimeoutMs: number;
  readonly approvalTimeoutMs: number | undefined;
  readonly now: () => number;
  readonly breakpoint: () => BreakpointState;
  readonly record: (change: Change) => Promise<unknown>;
  /** Takes what nobody acts on before the next record, with which it is stored. */
  readonly gather: (change: Gathered) => void;
  readonly progress: (callId: ToolCallRecord['id'], text: string) => void;
}

/** A call that was looked up, checked and computed, and has not had any effect. */
export interface Planned {
  readonly tool: Tool;
  readonly plan: ToolPlan;
  readonly ctx: ToolContext;
  /** Checked and completed. */
  readonly args: JsonObject;
  /** Set where a hook wants a person to be asked. */
  readonly asked?: { readonly reason: string; readonly meta?: JsonValue } | undefined;
}
