import type { Tool } from '../tools/tool';

/** The clock of one run, started now; undefined for a tool that limits itself. */
export function timeLimit(
  tool: Tool,
  defaultMs: number,
): { readonly signal: AbortSignal; readonly clear: () => void } | undefined {
  return tool.timeout === 'own' ? undefined : startLimit(tool.timeout ?? defaultMs);
}

/** A signal that is aborted after so many milliseconds, unless it is cleared. */
export function startLimit(limitMs: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`The limit of ${limitMs} ms has passed.`)), limitMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** How long a run that was told to stop may take to come back with what it has. */
const graceMs = 2_000;

/** The work's own outcome; when the signal is aborted and the work does not come back in time, it is left behind and this throws the signal's reason. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: () => void = () => undefined;
  const abandoned = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')), graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
