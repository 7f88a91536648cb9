import type { AgentCore } from '../agent/agentCore';
import { AgentBusyError } from '../agent/fork';
import { StoreError } from '../errors';

/** Does something while no turn runs; what is sent meanwhile waits in line. Only a failure of the session's own store counts as such. @throws AgentBusyError. */
export async function whileIdle<T>(core: AgentCore, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  core.checkOpen();
  if (!core.turns.isIdle)
    throw new AgentBusyError('busy', 'The agent works, so nothing can go back now.', {
      advice: 'Stop it first, or wait for its answer.',
      retryable: true,
    });
  const outcome = await core.turns.between(async (signal) => {
    const [settled] = await Promise.allSettled([work(signal)]);
    if (settled.status === 'rejected' && settled.reason instanceof StoreError) throw settled.reason;
    return settled;
  });
  if (outcome.status === 'fulfilled') return outcome.value;
  const reason: unknown = outcome.reason;
  throw reason;
}
