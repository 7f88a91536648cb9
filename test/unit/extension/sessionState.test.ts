import { strict as assert } from 'node:assert';
import { newAgentId } from '../../../src/core/protocol/ids';
import { emptySessionView, type SessionView } from '../../../src/core/protocol/view';
import type { SessionFollower } from '../../../src/extension/sessions/sessionFollower';
import { shownView, type SessionState } from '../../../src/extension/sessions/sessionState';

describe('a session in which nobody works', () => {
  it('is shown at rest: nothing is tried again in it', () => {
    const sessionId = newAgentId();
    const error = { code: 'rate_limit', message: 'Too many requests.', advice: '', retryable: true };
    const view: SessionView = {
      ...emptySessionView(sessionId),
      state: 'WORKING',
      retry: { attempt: 1, delayMs: 45_000, error },
    };
    const follower: Pick<SessionFollower, 'holder'> = { holder: undefined };
    const session = { hold: { kind: 'read', follower }, view, title: undefined };
    const shown = shownView(session as unknown as SessionState);
    assert.deepEqual([shown.state, shown.retry], ['READY', undefined]);
  });
});
