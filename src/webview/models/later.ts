/** Calls back once after this many milliseconds; the returned function calls it off. */
export type Later = (callback: () => void, delayMs: number) => () => void;

export const laterByTimer: Later = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
