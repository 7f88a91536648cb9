/** What the work gives, unless the signal is aborted before: then its reason is thrown and the work goes on unseen. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cleared = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('It was stopped.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true, signal: cleared.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    cleared.abort();
  }
}
