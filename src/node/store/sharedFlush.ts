/**
 * Lets everybody who waits at the same time share one flush. A call during a running flush waits for the next one: the
 * running one may have begun before what the caller wrote.
 */
export function sharedFlush(flush: () => Promise<void>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running.then(() => {
      const current = flush();
      running = current.catch(() => undefined);
      next = undefined;
      return current;
    });
    return next;
  };
}
