/** Calls back after `ms`, unless the process ends before: it is not kept alive for this. Returns what calls it off. */
export function quietTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms);
  // Node's timers keep the process alive until they are told not to; a browser's are numbers.
  if (hasUnref(timer)) timer.unref();
  return () => clearTimeout(timer);
}

function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function';
}
