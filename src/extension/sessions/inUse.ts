import type { AgentId } from '../../core/protocol/ids';
import { SessionHeldError } from '../../core/store/sessionHeld';
import type { OpenOptions, SessionHolder, SessionStore } from '../../core/store/store';

/** Another window that merely keeps a session in memory lets it go when it is asked. */
export const askFirst: OpenOptions = { takeOver: 'ask', waitMs: 1_500 };

/** Says in people's words that another window has the session. @throws what `work` throws. */
export async function orInUse<T>(
  store: Pick<SessionStore, 'summaries'>,
  sessionId: AgentId,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SessionHeldError)) throw error;
    const listed = (await store.summaries()).find(({ agentId }) => agentId === sessionId);
    const name = listed ? JSON.stringify(listed.title) : 'This session';
    throw new SessionHeldError(sessionId, error.holder, inUse(name, error.holder));
  }
}

function inUse(name: string, { state }: SessionHolder): { readonly message: string; readonly advice: string } {
  if (state === 'alive')
    return {
      message: `${name} is in use in another window.`,
      advice: 'Go on there, or try again when it has finished.',
    };
  return {
    message: `${name} is in use in another window, which cannot be seen from here.`,
    advice: 'If you know that it has ended, open the session and continue here; it cannot write any more then.',
  };
}
