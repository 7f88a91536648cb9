import { StoreError } from '../errors';
import type { AgentId } from '../protocol/ids';

export function sessionNotFound(agentId: AgentId): StoreError {
  return new StoreError('not_found', `There is no session ${JSON.stringify(agentId)}.`, {
    advice: 'Look at the list of sessions; it may have been deleted.',
  });
}

export function sessionExists(agentId: AgentId): StoreError {
  return new StoreError('exists', `The session ${agentId} exists already.`, {
    advice: 'Open it, or choose another id.',
  });
}

export function sessionIsOpen(agentId: AgentId): StoreError {
  return new StoreError('conflict', `The session ${agentId} is open.`, {
    advice: 'Close it where it is open, then try again.',
  });
}
