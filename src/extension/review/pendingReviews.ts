import type { Event, Uri } from 'vscode';
import type { HunkId, Review } from '../../core/edits/review';
import type { AgentId, MessageId } from '../../core/protocol/ids';

/** A file with edits that have landed and wait to be reviewed. */
export interface PendingFile {
  readonly uri: Uri;
  /** As people know it. */
  readonly display: string;
  /** 'created': there was no such file; 'deleted': there is none now, all of it is one hunk. */
  readonly kind: 'modified' | 'created' | 'deleted';
  /** Where it was before, as people know it: it was renamed, and both are decided together. */
  readonly movedFrom?: string;
  /** Whether the file is on disk as the review says; 'gone': somebody else has deleted it. */
  readonly state: 'here' | 'gone';
  /** The hunks, with the turn that made each (a `MessageId`) as its origin. */
  readonly review: Review;
}

/** What is decided at once; a file by its address, or whatever else it is found by. */
export type Decided<Place = { readonly uri: Uri }> =
  | ({ readonly kind: 'hunks'; readonly ids: readonly HunkId[] } & Place)
  | ({ readonly kind: 'file' } & Place)
  | { readonly kind: 'turn'; readonly turnId: MessageId }
  | { readonly kind: 'all' };

/** What became of hunks, for whoever tells the agent. One for each file. */
export interface Judgment {
  readonly agentId: AgentId;
  readonly decision: 'accepted' | 'rejected';
  readonly display: string;
  /** How many hunks, and a unified diff of what was taken back; empty for accepted ones. */
  readonly hunks: number;
  readonly diff: string;
  /** Some of them with the user's own changes inside. */
  readonly touched: boolean;
  readonly reason: string;
}

/** The edits of this workspace that landed unseen and wait, over reloads and crashes. */
export interface PendingReviews {
  /** The files whose hunks have changed, moved, come or gone. */
  readonly onDidChange: Event<readonly Uri[]>;
  readonly onDidJudge: Event<Judgment>;
  /** In the order in which they became pending. */
  readonly files: readonly PendingFile[];
  file(uri: Uri): PendingFile | undefined;
  /** Whose turn that was, as long as something of it waits. */
  authorOf(turnId: MessageId): AgentId | undefined;
  /** What stands there is countersigned; touches no file. */
  accept(decided: Decided): Promise<void>;
  /** Puts back what was countersigned, through the editor and saved. @throws ToolError, for people; what could not be put back stays pending. */
  reject(decided: Decided, reason: string): Promise<void>;
}
