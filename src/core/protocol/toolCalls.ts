import type { JsonValue } from '../util/json';
import type { CallId, PermissionId } from './ids';
import type { ToolResultContent } from './messages';

/** PENDING -> (APPROVAL_REQUIRED -> APPROVED ->) EXECUTING -> COMPLETED | FAILED; DENIED and SEALED end a call that never ran to its end. */
export type ToolCallState =
  'PENDING' | 'APPROVAL_REQUIRED' | 'APPROVED' | 'EXECUTING' | 'COMPLETED' | 'FAILED' | 'DENIED' | 'SEALED';

export type Decision = 'allow' | 'deny';
/** Who answered: the policy (rules and modes), the user through a face, or the runtime itself (interrupt, time-out). */
export type DecidedBy = 'policy' | 'user' | 'runtime';

export interface ToolCallApproval {
  readonly required: boolean;
  readonly decision?: Decision;
  readonly decidedBy?: DecidedBy;
  readonly decidedAt?: number;
  readonly note?: string;
  /** While it waits for an answer: what was asked. Kept with the call, so that it can be answered after a restart; not in events. */
  readonly question?: { readonly permissionId: PermissionId; readonly subject: ApprovalSubject };
}

/** One tool call as it stands now. Times are milliseconds since 1970. */
export interface ToolCallRecord {
  readonly id: CallId;
  readonly name: string;
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
}

/** What exactly a person is asked to allow, built by the runtime from what will be executed. Plain text, no markup. */
export type ApprovalSubject =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly cwd: string;
      readonly background: boolean;
      readonly reason: string;
    }
  | { readonly kind: 'edit'; readonly files: readonly FileChangePreview[]; readonly reason: string }
  | { readonly kind: 'tool'; readonly name: string; readonly input: string; readonly reason: string };
