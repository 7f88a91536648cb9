/** Whether the signal is aborted now. A call, because the compiler takes a second look at `signal.aborted` for the first one's answer. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
