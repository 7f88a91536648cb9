import type { EditCheckpoints } from '../checkpoints/checkpointRecorder';
import type { Above } from '../delegates/above';
import type { PermissionConfig } from '../permission/policy';
import type { Reviews } from '../permission/reviews';
import type { AgentRules } from '../permission/rules';
import type { BreakpointState } from '../protocol/events';
import type { AgentId, MessageId } from '../protocol/ids';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { Sandbox } from '../sandbox/sandbox';
import type { Tool, ToolContext, ToolPlan, ToolServices } from '../tools/tool';
import type { Approvals } from './approvals';
import type { Change } from './journal';

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
  readonly rules: AgentRules;
  readonly reviews: Reviews;
  readonly checkpoints: EditCheckpoints;
  readonly approvals: Approvals;
  readonly toolTimeoutMs: number;
  readonly approvalTimeoutMs: number | undefined;
  readonly now: () => number;
  readonly breakpoint: () => BreakpointState;
  readonly record: (change: Change) => Promise<unknown>;
  readonly progress: (callId: ToolCallRecord['id'], text: string) => void;
}

/** A call that was looked up, checked and computed, and has not had any effect. */
export interface Planned {
  readonly tool: Tool;
  readonly plan: ToolPlan;
  readonly ctx: ToolContext;
}
