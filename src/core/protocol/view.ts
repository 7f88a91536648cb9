import type { AgentId, CallId, MessageId, PermissionId } from './ids';
import type { AgentRuntimeState, CompressionReason, DoneReason, FailureInfo } from './events';
import type { CustomMode, PermissionMode, ReviewMode } from './modes';
import type { ModelChoice, ReasoningEffort } from './models';
import type { TodoItem } from './todos';
import type { ApprovalSubject, Containment, DecidedBy, Decision, ToolCallSnapshot } from './toolCalls';
import {
  noUsage,
  type Budget,
  type BudgetWarning,
  type ContextUsage,
  type ModelPrice,
  type ModelSpending,
  type TokenUsage,
} from './usage';

/** A question as the panel shows it: open until `decision` is there. */
export interface ApprovalView {
  readonly permissionId: PermissionId;
  readonly subject: ApprovalSubject;
  readonly decision?: Decision;
  readonly decidedBy?: DecidedBy;
  readonly note?: string;
}

/** One entry of the transcript. `key` is stable and unique within the session; an entry that did not change keeps its identity. */
export type TranscriptItem = { readonly key: string } & (
  | {
      readonly kind: 'user';
      readonly messageId: MessageId;
      readonly text: string;
      readonly images: number;
      /** Set once files were changed since: they can be restored to before it. */
      readonly restorable?: true;
    }
  | { readonly kind: 'thinking'; readonly text: string; readonly open: boolean }
  | { readonly kind: 'answer'; readonly text: string; readonly open: boolean }
  | {
      readonly kind: 'tool';
      readonly callId: CallId;
      readonly call: ToolCallSnapshot;
      /** Live output, at most the last 16,000 characters while it runs. */
      readonly output: string;
      readonly approval?: ApprovalView;
      readonly error?: string;
    }
  | {
      readonly kind: 'notice';
      readonly severity: 'info' | 'warn' | 'error';
      readonly text: string;
      readonly advice: string;
    }
  /** The older part of the conversation was summed up here. */
  | {
      readonly kind: 'compaction';
      readonly reason: CompressionReason;
      readonly state: 'running' | 'done' | 'failed' | 'stopped';
      readonly tokensBefore: number;
      readonly tokensAfter?: number;
      readonly summary?: string;
      readonly error?: FailureInfo;
    }
  /** Files, the conversation or both went back to before a message. */
  | {
      readonly kind: 'restore';
      readonly restoreId: string;
      readonly messageId: MessageId;
      /** 'cutOff': the window closed midway. It can be undone, and done again. */
      readonly state: 'running' | 'done' | 'failed' | 'cutOff' | 'undone';
      readonly files: number;
      readonly conversation: boolean;
      readonly error?: FailureInfo;
    }
  /** From here on another model answers. */
  | { readonly kind: 'modelChange'; readonly model: ModelChoice }
  /** From here on another mode holds. */
  | { readonly kind: 'modeChange'; readonly mode: PermissionMode | CustomMode }
  | { readonly kind: 'turnEnd'; readonly reason: DoneReason; readonly error?: FailureInfo }
);

/** Everything the panel draws of one session; rebuilt at any time by reducing its events. */
export interface SessionView {
  readonly sessionId: AgentId;
  /** The last event that this view contains; 0 at the start. */
  readonly seq: number;
  readonly title: string;
  readonly state: AgentRuntimeState;
  readonly items: readonly TranscriptItem[];
  /** What the last `rewound` took out, and from where: it can come back until the next message. */
  readonly setAside?: { readonly at: number; readonly items: readonly TranscriptItem[] };
  readonly todos: readonly TodoItem[];
  /** Messages that wait for the running turn to end. */
  readonly queued: readonly { readonly messageId: MessageId; readonly text: string }[];
  /** Summed over the session. `cost` is absent as long as any call's price is unknown. */
  readonly usage: TokenUsage;
  /** The same for the running turn, or the last one. */
  readonly turnUsage: TokenUsage;
  /** The same by model, in the order of their first calls. */
  readonly spending: readonly ModelSpending[];
  /** How full the model's window is; absent before the first answer. */
  readonly context?: ContextUsage;
  /** The mode that it was switched to last; absent where it never was. */
  readonly mode?: PermissionMode | CustomMode;
  /** The last warning of this turn, by scope. */
  readonly budgetWarning?: BudgetWarning;
  /** Set while the model is called again after a failure. */
  readonly retry?: { readonly attempt: number; readonly delayMs: number; readonly error: FailureInfo };
}

export interface SessionSummary {
  readonly sessionId: AgentId;
  readonly title: string;
  readonly state: AgentRuntimeState;
  readonly openApprovals: number;
}

/** A row of the session list. */
export interface SessionRow extends SessionSummary {
  readonly pinned: boolean;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  /** The folder it belongs to, where that is not this window's. */
  readonly folder?: string;
  /** Whether another window works in it. */
  readonly held: boolean;
  /** Where the searched text stands, shortened around it. */
  readonly match?: string;
}

/** Why the shown session can only be read here. */
export type ReadOnlyReason =
  /** Another window or machine holds it. 'unknown': nobody can tell from here whether that one still runs. */
  | { readonly kind: 'held'; readonly state: 'alive' | 'unknown'; readonly who: string; readonly since: number }
  /** It belongs to another folder. */
  | { readonly kind: 'otherFolder'; readonly folder: string }
  /** Its file is damaged; what could be read is shown. */
  | { readonly kind: 'damaged'; readonly message: string; readonly advice: string }
  /** It was deleted in another window. */
  | { readonly kind: 'gone' };

/** The model that the shown session asks next. */
export interface ModelView extends ModelChoice {
  /** The vendor as people know it. */
  readonly vendorLabel?: string;
  readonly label?: string;
  /** The efforts that it knows; empty: it does not think, or not on demand. */
  readonly efforts?: readonly ReasoningEffort[];
  /** Absent: price unknown. */
  readonly price?: ModelPrice;
  readonly windowTokens?: number;
  /** True for the scripted demo model, which the panel labels as such. */
  readonly demo: boolean;
}

/** A plan that waits for its answer, with what the user wrote into it. */
export interface PlanDraft {
  readonly permissionId: PermissionId;
  /** Markdown. */
  readonly text: string;
}

/** A file with edits that landed and wait to be reviewed. */
export interface PendingFileView {
  /** As people know it. */
  readonly path: string;
  readonly kind: 'modified' | 'created' | 'deleted';
  /** Where it was before, as people know it. */
  readonly movedFrom?: string;
  readonly hunks: number;
  /** Lines. */
  readonly additions: number;
  readonly deletions: number;
  /** Somebody else has deleted it. */
  readonly gone?: true;
}

/** How far a proposal that waits is decided, hunk by hunk, in the editor. */
export interface ProposalProgress {
  readonly permissionId: string;
  /** Hunks of all its files. What is accepted lands even if the rest is rejected. */
  readonly accepted: number;
  readonly rejected: number;
  readonly left: number;
  /** The user has typed into it: what would land is not only what was proposed. */
  readonly changed?: true;
}

/** What the panel shows around the session. */
export interface AppView {
  /** The sessions that this window works in or shows; the whole list comes in answer to `session.search`. */
  readonly sessions: readonly SessionSummary[];
  readonly activeSessionId?: AgentId;
  /** Absent: no model is chosen, the panel offers one or the demo. */
  readonly model?: ModelView;
  /** What runs unasked in the shown session. */
  readonly mode: ReviewMode;
  /** Somebody wants this mode for the shown session; it is switched to when they have confirmed it. */
  readonly modeToConfirm?: ReviewMode;
  /** The waiting plan of the shown session as the user has changed it. */
  readonly plan?: PlanDraft;
  /** The edits of this workspace that landed and wait to be reviewed, in the order in which they came. */
  readonly pending: readonly PendingFileView[];
  /** The proposals of which something was decided in the editor; absent: none. */
  readonly proposals?: readonly ProposalProgress[];
  readonly workspace: { readonly folders: readonly string[]; readonly trusted: boolean };
  /** What holds commands in this workspace; absent until it was tried out. */
  readonly containment?: Containment;
  /** The project's instruction files that the model was given, as paths for people. */
  readonly instructions: readonly string[];
  /** What all sessions of all windows have spent today, the user's day. */
  readonly today?: readonly ModelSpending[];
  /** The limits that the user has set. */
  readonly budgets?: { readonly session?: Budget; readonly day?: Budget };
  /** Whether the open folder is the demo's sample. */
  readonly demoWorkspace: boolean;
  /** Set while the shown session can only be read. */
  readonly readOnly?: ReadOnlyReason;
  /** A session that was deleted a moment ago and can be brought back. */
  readonly deleted?: { readonly sessionId: AgentId; readonly title: string };
  /** What all sessions take on disk; absent until it was measured. */
  readonly storage?: { readonly sessions: number; readonly sizeBytes: number };
  /** Why sessions cannot be kept on this machine. They live in memory then. */
  readonly storageProblem?: { readonly message: string; readonly advice: string };
}

/** The view of a session before its first event. */
export function emptySessionView(sessionId: AgentId): SessionView {
  return {
    ...{ sessionId, seq: 0, title: 'New session', state: 'READY', items: [], todos: [], queued: [] },
    ...{ usage: noUsage, turnUsage: noUsage, spending: [] },
  };
}
