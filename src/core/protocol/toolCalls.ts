import type { JsonValue } from '../util/json';
import type { AgentId, CallId, PermissionId } from './ids';
import type { ToolResultContent } from './messages';

/** PENDING -> (APPROVAL_REQUIRED -> APPROVED ->) EXECUTING -> COMPLETED | FAILED; DENIED and SEALED end a call that never ran to its end. */
export type ToolCallState =
  'PENDING' | 'APPROVAL_REQUIRED' | 'APPROVED' | 'EXECUTING' | 'COMPLETED' | 'FAILED' | 'DENIED' | 'SEALED';

/** What a person, or who stands in for one, says to a question. */
export type Decision = 'allow' | 'deny';
/** Who answered: the policy (rules and modes), the user through a face, or the runtime itself (interrupt, time-out). */
export type DecidedBy = 'policy' | 'user' | 'runtime';

/** Whether a call had to be decided, and how it was. Times are milliseconds since 1970. */
export interface ToolCallApproval {
  readonly required: boolean;
  readonly decision?: Decision;
  readonly decidedBy?: DecidedBy;
  readonly decidedAt?: number;
  readonly note?: string;
  /** What the hook that wanted the question gave along. */
  readonly meta?: JsonValue;
  /** While it waits for an answer: what was asked. Kept with the call, so that it can be answered after a restart; not in events. */
  readonly question?: { readonly permissionId: PermissionId; readonly subject: ApprovalSubject };
}

/** One tool call as it stands now. Times are milliseconds since 1970. */
export interface ToolCallRecord {
  readonly id: CallId;
  readonly name: string;
  /** The subagent whose call it is, where the agent above shows it; its id is another one there. */
  readonly agentId?: AgentId;
  readonly input: JsonValue;
  readonly state: ToolCallState;
  readonly approval: ToolCallApproval;
  readonly result?: ToolResultContent;
  readonly isError?: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly durationMs?: number;
  readonly auditTrail: readonly { readonly state: ToolCallState; readonly timestamp: number; readonly note?: string }[];
}

/** What events carry of a call: the record without its audit trail and its question. */
export type ToolCallSnapshot = Omit<ToolCallRecord, 'auditTrail'>;

export function snapshotOf(record: ToolCallRecord): ToolCallSnapshot {
  const { auditTrail: _auditTrail, ...snapshot } = record;
  if (!snapshot.approval.question) return snapshot;
  const { question: _question, ...approval } = snapshot.approval;
  return { ...snapshot, approval };
}

export const isFinal = (state: ToolCallState): boolean =>
  state === 'COMPLETED' || state === 'FAILED' || state === 'DENIED' || state === 'SEALED';

/** What one file of a proposed edit would become, for people: the exact texts travel through FileEdits, not here. */
export interface FileChangePreview {
  /** The path as the user knows it, relative to its root; prefixed by the root's name when there are several roots. */
  readonly path: string;
  readonly kind: 'create' | 'modify' | 'delete';
  readonly additions: number;
  readonly deletions: number;
  /** Unified diff without file header, at most 20,000 characters; `truncated` says that there is more. */
  readonly diff: string;
  readonly truncated: boolean;
  /** The file may hold secrets: its text is not written down, `diff` is empty. */
  readonly hidden?: true;
}

/** What exactly a person is asked to allow, built by the runtime from what will be executed. Plain text, no markup. */
export type ApprovalSubject = (
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly cwd: string;
      readonly background: boolean;
      /** What holds the command while it runs. */
      readonly containment?: Containment;
      /** The operating system's sandbox is left out for this one run. */
      readonly outside?: boolean;
    }
  | { readonly kind: 'edit'; readonly files: readonly FileChangePreview[] }
  /** A page is fetched from the internet. */
  | { readonly kind: 'fetch'; readonly url: string; readonly host: string }
  /** The agent asks the person something; the answer travels as the note of an 'allow'. */
  | { readonly kind: 'question'; readonly question: string; readonly choices: readonly string[] }
  /** The agent shows what it would do, as Markdown; what the person did to the plan travels as the note of the answer. */
  | { readonly kind: 'plan'; readonly title: string; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string; readonly input: string }
) & {
  /** Why a person is asked, in one line. */
  readonly reason: string;
  /** The same at length, one cause each: what speaks against running it unasked. */
  readonly why?: readonly string[];
  /** What "don't ask again" would allow, word for word; absent: this is asked every time. */
  readonly remember?: readonly RuleSubject[];
  /** Files that the agent changed unseen and that this would run: remembering the answer takes them for reviewed. */
  readonly unreviewed?: readonly string[];
  /** The subagent that asks, and for which task; absent: the session's own agent. */
  readonly from?: { readonly agentId: AgentId; readonly templateId: string; readonly task: string };
};

/**
 * What a rule allows: exactly this and nothing wider. Two are the same when all their fields are.
 * 'command': one simple command with its words as they stand. 'line': a whole command line as it stands.
 */
export interface RuleSubject {
  readonly kind: 'command' | 'line' | 'host' | 'tool';
  /** For people: the command, the host, the tool. */
  readonly text: string;
  /** The folder it runs in, as `display` of a path; empty where it does not matter. */
  readonly cwd: string;
  /** A hash of the content that it was allowed for (package scripts, for example): other content, other rule. */
  readonly bound?: string;
  /** For people: what `bound` covers, like "the script test of package.json". */
  readonly boundTo?: string;
}

/** How long a remembered answer holds: as long as the session is open, or in this workspace for good. */
export type RuleScope = 'session' | 'workspace';

/** A remembered answer, as people see it. */
export interface RuleView {
  readonly id: string;
  readonly scope: RuleScope;
  readonly subject: RuleSubject;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** How far the operating system holds commands. */
export type ContainmentLevel = 'os' | 'partial' | 'none';

/** What holds commands while they run: proven by trying it, never assumed. */
export interface Containment {
  readonly level: ContainmentLevel;
  /** One line for people: which files a command can change. */
  readonly files: string;
  /** One line for people: which hosts it can reach. */
  readonly network: string;
  /** Why the level is below 'os'; empty at 'os'. */
  readonly reason: string;
  /** What a person can do about it; empty where nothing is to be done. */
  readonly fix: string;
}
