import { deferred } from '../../core/util/deferred';

/** The outcome of work that knows of no signal. @throws the signal's reason as soon as it is aborted. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const outcome = deferred<T>();
  const onAbort = (): void => outcome.reject(signal.reason);
  work.then(outcome.resolve, outcome.reject);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await outcome.promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
