import { isAgentError } from '../errors';
import type { FailureInfo } from '../protocol/events';
import { errorText } from '../util/errorText';

/** What people are told of a failure. Never a stack. */
export function infoOf(error: unknown): FailureInfo {
  if (isAgentError(error))
    return { code: error.code, message: error.message, advice: error.advice, retryable: error.retryable };
  const message = errorText(error);
  return { code: 'unexpected', message, advice: 'Try again. If it stays, look into the log.', retryable: false };
}
