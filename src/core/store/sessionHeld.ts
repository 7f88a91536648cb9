import { StoreError } from '../errors';
import type { AgentId } from '../protocol/ids';
import type { SessionHolder } from './store';

/** Somebody else writes this session. */
export class SessionHeldError extends StoreError {
  readonly holder: SessionHolder;

  constructor(agentId: AgentId, holder: SessionHolder) {
    const who = `process ${holder.pid} on ${holder.host}`;
    super(
      'held',
      `The session ${agentId} is held by ${who}${holder.state === 'alive' ? '' : ', which cannot be seen from here'}.`,
      {
        advice:
          holder.state === 'alive'
            ? 'Go on there, or ask it to hand over.'
            : 'If you know that it has ended, continue here; it cannot write any more then.',
        retryable: true,
      },
    );
    this.holder = holder;
  }
}
