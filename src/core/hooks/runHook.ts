import { startLimit, untilAborted } from '../agent/timeLimit';
import { isAborted } from '../util/abort';
import { HookError } from './hookError';
import type { Hooks } from './hooks';
import { errorText } from '../util/errorText';

/** One hook of one owner: whoever reads of its failure must find it. */
export interface HookPlace {
  readonly hook: keyof Hooks;
  /** For example: the template "test". */
  readonly owner: string;
}

export const placeText = ({ hook, owner }: HookPlace): string => `The ${hook} hook of ${owner}`;

/**
 * Calls a hook of the embedder. @param limitMs how long it may take.
 * @throws HookError when it throws or does not come back; the signal's reason when that is aborted.
 */
export async function runHook<T>(
  place: HookPlace,
  call: (signal: AbortSignal) => T | Promise<T>,
  limitMs: number,
  signal: AbortSignal,
): Promise<T> {
  const limit = startLimit(limitMs);
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    const value = await untilAborted(
      Promise.resolve().then(() => call(either)),
      either,
    );
    if (isAborted(limit.signal)) throw tooLate(place, limitMs);
    return value;
  } catch (error) {
    if (isAborted(signal) || error instanceof HookError) throw error;
    if (isAborted(limit.signal)) throw tooLate(place, limitMs);
    const why = errorText(error);
    throw new HookError('hook_failed', `${placeText(place)} failed: ${why}`, {
      ...{ advice: 'Mend the hook; until then nothing gets past it.', cause: error },
    });
  } finally {
    limit.clear();
  }
}

function tooLate(place: HookPlace, limitMs: number): HookError {
  return new HookError('hook_timeout', `${placeText(place)} did not come back within ${limitMs / 1000} s.`, {
    advice: 'Mend the hook, or raise limits.toolTimeoutMs.',
  });
}

/** @throws HookError 'hook_result'. */
export function refuseResult(place: HookPlace, what: string, advice: string): never {
  throw new HookError('hook_result', `${placeText(place)} gave back ${what}.`, { advice });
}
