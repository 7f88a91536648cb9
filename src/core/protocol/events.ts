import type { JsonValue } from '../util/json';
import type { AgentId, CallId, MessageId, PermissionId } from './ids';
import type { Message } from './messages';
import type { CustomMode, PermissionMode } from './modes';
import type { ModelChoice } from './models';
import type { ReminderCategory } from './reminders';
import type { TodoItem } from './todos';
import type { ApprovalSubject, DecidedBy, Decision, ToolCallSnapshot } from './toolCalls';
import type { BudgetWarning, ContextUsage, TokenUsage } from './usage';

/** A place in a session's history. `seq` strictly increases and is never reused, across crashes too. */
export interface Bookmark {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** How a turn came to rest. */
export type DoneReason = 'completed' | 'interrupted' | 'failed' | 'budget' | 'max_steps';

/** What a person needs to know of a failure. Never a stack trace, never a secret. */
export interface FailureInfo {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly retryable: boolean;
}

/** What happens in a turn, for whoever shows it. */
export type ProgressEvent = { readonly channel: 'progress' } &
  /** A message that starts its turn now. */
  (
    | { readonly type: 'user_message'; readonly message: Message }
    /** A message that was accepted while a turn runs; its own turn starts with `user_message` and the same id. */
    | { readonly type: 'message_queued'; readonly message: Message }
    /** A queued message that will not start a turn: the agent was stopped before. */
    | { readonly type: 'message_dropped'; readonly messageId: MessageId }
    /** The conversation went back to before this message; what came after is kept in the store, not in the conversation. */
    | { readonly type: 'rewound'; readonly messageId: MessageId; readonly messageCount: number }
    /** What went out of the conversation with the last `rewound` is back at its end. */
    | { readonly type: 'rewind_undone'; readonly messageId: MessageId; readonly messageCount: number }
    | ({ readonly type: 'restore' } & RestoreStep)
    | { readonly type: 'think_chunk_start'; readonly step: number }
    | { readonly type: 'think_chunk'; readonly step: number; readonly delta: string }
    | { readonly type: 'think_chunk_end'; readonly step: number }
    | { readonly type: 'text_chunk_start'; readonly step: number }
    | { readonly type: 'text_chunk'; readonly step: number; readonly delta: string }
    | { readonly type: 'text_chunk_end'; readonly step: number; readonly text: string }
    /** The model asked for a call; nothing has run yet. */
    | { readonly type: 'tool:start'; readonly call: ToolCallSnapshot }
    /** The call moved on: approved, executing. */
    | { readonly type: 'tool:update'; readonly call: ToolCallSnapshot }
    | { readonly type: 'tool:progress'; readonly callId: CallId; readonly text: string }
    | { readonly type: 'tool:end'; readonly call: ToolCallSnapshot }
    | { readonly type: 'tool:error'; readonly call: ToolCallSnapshot; readonly error: string }
    | { readonly type: 'done'; readonly step: number; readonly reason: DoneReason; readonly error?: FailureInfo }
  );

/** Questions and their answers. */
export type ControlEvent = { readonly channel: 'control' } & (
  | {
      readonly type: 'permission_required';
      readonly permissionId: PermissionId;
      readonly call: ToolCallSnapshot;
      readonly subject: ApprovalSubject;
      /** Attached without being enumerable, for listeners in the same process; never stored or posted. */
      readonly respond?: (decision: Decision, opts?: { readonly note?: string }) => Promise<void>;
    }
  | {
      readonly type: 'permission_decided';
      readonly permissionId: PermissionId;
      readonly callId: CallId;
      readonly decision: Decision;
      readonly decidedBy: DecidedBy;
      readonly note?: string;
    }
);

/** READY: nothing runs. WORKING: a turn runs. PAUSED: it waits for a decision. */
export type AgentRuntimeState = 'READY' | 'WORKING' | 'PAUSED';
/** Where in a step a turn stands. */
export type BreakpointState =
  | 'READY'
  | 'PRE_MODEL'
  | 'STREAMING_MODEL'
  | 'TOOL_PENDING'
  | 'AWAITING_APPROVAL'
  | 'PRE_TOOL'
  | 'TOOL_EXECUTING'
  | 'POST_TOOL';

/** What happens to calls that were cut off. 'crash': all are sealed at once. 'manual': the next `send` or `decide` seals what is left. */
export type ResumeStrategy = 'crash' | 'manual';

/** 'automatic': 80 % of what fits are full. 'asked': the user wanted it. 'too_long': the vendor refused the request as too long. */
export type CompressionReason = 'automatic' | 'asked' | 'too_long';

/** How summing up a conversation goes, moment by moment. */
export type Compression =
  | { readonly phase: 'start'; readonly reason: CompressionReason; readonly tokensBefore: number }
  | {
      readonly phase: 'end';
      readonly reason: CompressionReason;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
      /** `tokensAfter / tokensBefore`. */
      readonly ratio: number;
      readonly summary: string;
      /** How many messages from the start the summary stands for. */
      readonly messageCount: number;
    }
  /** Nothing has changed: the conversation goes on as it was. */
  | { readonly phase: 'failed'; readonly reason: CompressionReason; readonly error: FailureInfo };

/** Files, the conversation or both go back to before a message. `undoes`: that restore is taken back. */
export type RestoreStep = {
  readonly restoreId: string;
  readonly messageId: MessageId;
  readonly undoes?: string;
} & (
  | { readonly phase: 'start'; readonly files: number }
  /** `files`: so many went back. */
  | { readonly phase: 'end'; readonly files: number; readonly conversation: boolean }
  /** The files are as they were before it; `partly`: some could not be put back, so it can be undone and done again. */
  | { readonly phase: 'failed'; readonly error: FailureInfo; readonly partly?: true }
);

/** What an operator watches. */
export type MonitorEvent = { readonly channel: 'monitor' } & (
  | { readonly type: 'state_changed'; readonly state: AgentRuntimeState }
  | { readonly type: 'breakpoint_changed'; readonly previous: BreakpointState; readonly current: BreakpointState }
  | { readonly type: 'step_complete'; readonly step: number; readonly durationMs: number }
  | {
      readonly type: 'error';
      readonly severity: 'info' | 'warn' | 'error';
      readonly phase: 'model' | 'tool' | 'system' | 'lifecycle';
      readonly message: string;
      readonly detail?: JsonValue;
    }
  | ({
      readonly type: 'token_usage';
      readonly model: string;
      readonly vendor?: string;
      /** What the call was for. Default 'answer'. */
      readonly purpose?: 'answer' | 'compaction';
      /** The vendor did not count: it is our estimate. */
      readonly estimated?: boolean;
    } & TokenUsage)
  /** How full the model's window is: what the next request will hold, by the vendor's own count as far as there is one. */
  | ({ readonly type: 'context_usage' } & ContextUsage)
  /** The older part of the conversation is summed up by the model; all of it stays in the store. */
  | ({ readonly type: 'context_compression' } & Compression)
  /** Sent once when 80 % of a budget are spent, and once when the next request would pass it. */
  | ({ readonly type: 'budget_warning' } & BudgetWarning)
  /** The next requests go to another model, or ask it in another way. */
  | ({ readonly type: 'model_changed' } & Omit<ModelChoice, 'keyName'>)
  /** What runs unasked from the next call on. */
  | { readonly type: 'permission_changed'; readonly mode: PermissionMode | CustomMode }
  /** From here on files can be restored to before this message, which started the turn, and to before every earlier one. */
  | { readonly type: 'checkpoint'; readonly messageId: MessageId }
  | { readonly type: 'tool_executed'; readonly call: ToolCallSnapshot }
  /** The agent is back from the store. `sealed`: the calls that were cut off; they have answers now and are never repeated by themselves. */
  | {
      readonly type: 'agent_resumed';
      readonly strategy: ResumeStrategy;
      readonly sealed: readonly ToolCallSnapshot[];
      /** Whether a turn was cut off. */
      readonly cutOff: boolean;
    }
  /** After an unclean end the numbers go on at a round place, so that none is given twice: between these two there are no events. */
  | { readonly type: 'seq_advanced'; readonly from: number; readonly to: number }
  /** What happened could not be stored, so it did not count and the turn ended. Told to handlers only, never stored, no seq. */
  | { readonly type: 'storage_failure'; readonly error: FailureInfo }
  /** The agent was forked from another: everything before came from there. */
  | { readonly type: 'forked'; readonly from: AgentId; readonly seq: number }
  | { readonly type: 'model_retry'; readonly attempt: number; readonly delayMs: number; readonly error: FailureInfo }
  | { readonly type: 'todo_changed'; readonly current: readonly TodoItem[]; readonly previous: readonly TodoItem[] }
  /** What the host scheduled with `agent.schedule()` is done now. `spec`: `steps:5`, `every:10m`, `cron:0 9 * * mon-fri`. */
  | {
      readonly type: 'scheduler_triggered';
      readonly taskId: string;
      readonly spec: string;
      readonly kind: 'steps' | 'time' | 'cron';
      readonly triggeredAt: number;
    }
  /** The model reads it before its next step; no turn is started for it. */
  | { readonly type: 'reminder_sent'; readonly category: ReminderCategory; readonly content: string }
  /** The model is reminded of these todos. 'start': the agent is back; 'interval': it has not touched them for a while. */
  | { readonly type: 'todo_reminder'; readonly todos: readonly TodoItem[]; readonly reason: 'start' | 'interval' }
  /** A file that the agent has read or edited is not as it knows it. `modifiedMs` is absent for one that is gone, and for guarded ones. */
  | { readonly type: 'file_changed_outside'; readonly path: string; readonly modifiedMs?: number }
  | { readonly type: 'file_changed'; readonly path: string; readonly additions: number; readonly deletions: number }
  /** The skills that the model knows of from here on. `refused`: folders that look like a skill and are none. */
  | {
      readonly type: 'skills_metadata_updated';
      readonly skills: readonly { readonly name: string; readonly description: string }[];
      readonly refused: readonly { readonly name: string; readonly reason: string }[];
      readonly timestamp: number;
    }
  | {
      readonly type: 'tool_custom_event';
      readonly toolName: string;
      readonly eventType: string;
      readonly data?: JsonValue;
    }
);

/** Everything that an agent tells of, on three channels. */
export type AgentEvent = ProgressEvent | ControlEvent | MonitorEvent;
/** For whom an event is: `progress` for whoever shows the turn, `control` for whoever decides, `monitor` for operators. */
export type Channel = AgentEvent['channel'];
/** The event of a type. */
export type EventOf<Type extends AgentEvent['type']> = Extract<AgentEvent, { readonly type: Type }>;

/** The three channels. */
export const allChannels: readonly Channel[] = ['progress', 'control', 'monitor'];

/** An event with its place. `cursor` equals `bookmark.seq`. */
export interface Envelope<E extends AgentEvent = AgentEvent> {
  readonly cursor: number;
  readonly bookmark: Bookmark;
  readonly event: E;
}

/** Deltas may be coalesced for a slow reader and the last of them lost in a crash; everything else is durable before it is seen. */
export type DeltaEvent = EventOf<'text_chunk' | 'think_chunk' | 'tool:progress'>;
/** Whether an event is a piece of a stream. */
export function isDelta(event: AgentEvent): event is DeltaEvent {
  return event.type === 'text_chunk' || event.type === 'think_chunk' || event.type === 'tool:progress';
}

/** The last delta and the next one as one, or undefined where they belong to different things. */
export function mergeDeltas(last: AgentEvent, next: AgentEvent): DeltaEvent | undefined {
  if (last.type === 'text_chunk' && next.type === 'text_chunk' && last.step === next.step)
    return { ...next, delta: last.delta + next.delta };
  if (last.type === 'think_chunk' && next.type === 'think_chunk' && last.step === next.step)
    return { ...next, delta: last.delta + next.delta };
  if (last.type === 'tool:progress' && next.type === 'tool:progress' && last.callId === next.callId)
    return { ...next, text: last.text + next.text };
  return undefined;
}
