import { StoreError } from '../errors';
import type { AgentId } from '../protocol/ids';
import type { SessionHolder } from './store';

/** Somebody else writes this session. */
export class SessionHeldError extends StoreError {
  readonly holder: SessionHolder;

  /** @param said what happened and what to do next, where that can be said better than with ids */
  constructor(agentId: AgentId, holder: SessionHolder, said = whoHolds(agentId, holder)) {
    super('held', said.message, { advice: said.advice, retryable: true });
    this.holder = holder;
  }
}

function whoHolds(
  agentId: AgentId,
  { state, pid, host }: SessionHolder,
): { readonly message: string; readonly advice: string } {
  const isAlive = state === 'alive';
  const seen = isAlive ? '' : ', which cannot be seen from here';
  return {
    message: `The session ${agentId} is held by process ${pid} on ${host}${seen}.`,
    advice: isAlive
      ? 'Go on there, or ask it to hand over.'
      : 'If you know that it has ended, continue here; it cannot write any more then.',
  };
}
