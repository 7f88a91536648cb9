import { AgentError } from '../errors';

/** hook_failed: it threw. hook_timeout: it did not come back. hook_result: it gave back what is no answer to what it was asked. */
export type HookErrorCode = 'hook_failed' | 'hook_timeout' | 'hook_result';

/** A hook of the embedder failed; `message` names it. */
export class HookError extends AgentError<HookErrorCode> {
  override readonly name = 'HookError';
  override readonly family = 'config';
}
