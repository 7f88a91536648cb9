import { strict as assert } from 'node:assert';
import { AgentError } from '../../src/core/errors';

/** The failure with which the work ends; it must have this code, a message and advice. */
export async function refusalOf(code: string, work: Promise<unknown>): Promise<AgentError> {
  const [result] = await Promise.allSettled([work]);
  assert.ok(result.status === 'rejected', `it should have been refused with ${code}`);
  const reason: unknown = result.reason;
  assert.ok(reason instanceof AgentError, `refused with ${code}, not ${String(reason)}`);
  assert.equal(reason.code, code, reason.message);
  assert.notEqual(reason.message, '');
  assert.notEqual(reason.advice, '');
  return reason;
}

/** For what is not meant to be stopped. */
export const neverAborted: AbortSignal = new AbortController().signal;
