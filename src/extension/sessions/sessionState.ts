import type { Agent } from '../../core/agent/agent';
import type { StoreError } from '../../core/errors';
import type { AgentId } from '../../core/protocol/ids';
import { closeOpenItems, withoutRetry } from '../../core/protocol/transcript';
import type { ReadOnlyReason, SessionSummary, SessionView } from '../../core/protocol/view';
import type { SessionHolder, StoredState } from '../../core/store/store';
import type { ResumeStrategy } from '../../core/protocol/events';
import type { JsonObject } from '../../core/util/json';
import type { SessionFollower } from './sessionFollower';
import { SessionGoneError } from './sessionGone';
import { belongsTo, folderNames, type FolderUris } from './workspaceFolders';

/** What this window has to do with a session. */
export type Hold =
  /** It has no message yet: nothing of it is stored, and it costs nothing. */
  | { readonly kind: 'draft' }
  /** It is shown as it is stored; another window may write it. */
  | { readonly kind: 'read'; readonly follower: SessionFollower }
  /** This window works in it. */
  | { readonly kind: 'written'; readonly agent: Agent }
  | { readonly kind: 'unreadable'; readonly error: StoreError };

/** A session of this window as it stands. */
export interface SessionState {
  readonly sessionId: AgentId;
  readonly hold: Hold;
  readonly view: SessionView;
  /** The name a person gave it. */
  readonly title: string | undefined;
  readonly metadata: JsonObject | undefined;
}

/** Why it can only be read here. */
export function readOnlyReason(session: SessionState, folders: FolderUris): ReadOnlyReason | undefined {
  const { hold, metadata } = session;
  if (hold.kind === 'draft' || hold.kind === 'written') return undefined;
  if (hold.kind === 'unreadable' && hold.error instanceof SessionGoneError) return { kind: 'gone' };
  const damage = hold.kind === 'unreadable' ? hold.error : hold.follower.damage;
  if (damage) return { kind: 'damaged', message: damage.message, advice: damage.advice };
  if (!belongsTo(folders, metadata)) return { kind: 'otherFolder', folder: folderNames(metadata) };
  const holder = hold.kind === 'read' ? hold.follower.holder : undefined;
  return holder && { kind: 'held', state: holder.state, who: nameOf(holder), since: holder.since };
}

export const nameOf = ({ pid, host }: SessionHolder): string => `process ${pid} on ${host}`;

/** The view as it is shown: under the name a person gave, and at rest when nobody works in it, whatever was stored last. */
export function shownView({ hold, view, title }: SessionState): SessionView {
  const rests = hold.kind === 'read' && hold.follower.holder === undefined && view.state !== 'READY';
  if (title === undefined && !rests) return view;
  const shown = rests ? closeOpenItems(withoutRetry({ ...view, state: 'READY' })) : view;
  return { ...shown, ...(title !== undefined && { title }) };
}

/** What the panel's frame, the status bar and the badge show. Only questions that can be answered here are counted. */
export function summaryOf(session: SessionState): SessionSummary {
  const { sessionId, title, state } = shownView(session);
  const openApprovals = session.hold.kind === 'written' ? session.hold.agent.openApprovals.length : 0;
  return { sessionId, title, state, openApprovals };
}

/** Whether the last window that wrote it ended in the middle of something. */
export function isCutOff({ turn, openToolCalls, queued }: StoredState): boolean {
  return turn !== undefined || openToolCalls.length > 0 || queued.length > 0;
}

/** An open question can still be answered, unless something that was running beside it was cut off: that is sealed first. */
export function strategyFor({ openToolCalls }: StoredState): ResumeStrategy {
  const waits = openToolCalls.some(({ state, approval }) => state === 'APPROVAL_REQUIRED' && approval.question);
  const ran = openToolCalls.some(({ state }) => state === 'EXECUTING');
  return waits && !ran ? 'manual' : 'crash';
}
