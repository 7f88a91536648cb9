import type { Bookmark, FailureInfo } from '../protocol/events';
import type { PermissionId } from '../protocol/ids';
import { textOf, type Message } from '../protocol/messages';
import { deferred, type Deferred } from '../util/deferred';
import type { ReopenedCalls } from './reopenedCalls';
import type { TurnEnd } from './turnPorts';

/** How a turn went, for whoever waits for it. */
export interface CompleteResult {
  /** 'paused': it cannot go on without a decision on `permissionIds`, and stays open. */
  readonly status: 'ok' | 'paused' | 'interrupted' | 'failed';
  /** The text of the turn's last answer. */
  readonly text?: string;
  readonly last?: Bookmark;
  readonly permissionIds?: readonly PermissionId[];
  readonly error?: FailureInfo;
}

/** What a caller waits for. */
export interface WaitOptions {
  /** 'return': a turn that waits for a decision resolves as 'paused'; 'wait': only its end resolves. Default 'return'. */
  readonly onPause?: 'return' | 'wait';
}

/** One accepted message and everything that follows from it. */
export interface Turn {
  readonly message: Message;
  readonly result: Deferred<CompleteResult>;
  readonly abort: AbortController;
  /** Set for a turn that goes on after a restart. */
  readonly goesOn?: { readonly reopened?: ReopenedCalls };
}

export function newTurn(message: Message, abort = new AbortController(), goesOn?: Turn['goesOn']): Turn {
  const result = deferred<CompleteResult>();
  // Whoever waits gets the rejection; a turn that nobody waits for must not end the process.
  result.promise.catch(() => undefined);
  return { message, result, abort, ...(goesOn && { goesOn }) };
}

/** How a turn went. @param own the messages of the turn */
export function resultOf(end: TurnEnd, own: readonly Message[], last: Bookmark | undefined): CompleteResult {
  const answer = own.findLast((message) => message.role === 'assistant');
  const text = answer && textOf(answer);
  return {
    status: end.reason === 'completed' ? 'ok' : end.reason === 'interrupted' ? 'interrupted' : 'failed',
    ...(text !== undefined && { text }),
    ...(last && { last }),
    ...(end.error && { error: end.error }),
  };
}
