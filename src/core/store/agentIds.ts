import { StoreError } from '../errors';
import { isAgentId, type AgentId } from '../protocol/ids';

/** @throws StoreError 'invalid_id'. */
export function checkAgentId(id: string): AgentId {
  if (isAgentId(id)) return id;
  throw new StoreError('invalid_id', `Not a usable agent id: ${JSON.stringify(id)}.`, {
    advice: 'Use 1 to 200 characters without separators, control characters or "..".',
  });
}
