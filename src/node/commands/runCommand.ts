import type { CommandResult } from '../../core/sandbox/sandbox';
import { BoundedOutput } from './boundedOutput';
import { startCommand, type SpawnRequest } from './runningCommand';

export interface RunRequest extends Omit<SpawnRequest, 'keep'> {
  readonly timeoutMs: number;
}

/**
 * Runs a command to its end. Time-out and abort end it with all its processes within 2 s and resolve with what it wrote.
 * @throws SandboxError 'command_unavailable'.
 */
export async function runCommand(request: RunRequest, signal: AbortSignal): Promise<CommandResult> {
  const start = performance.now();
  if (signal.aborted) return { code: undefined, endedBy: 'abort', output: '', durationMs: 0 };
  const output = new BoundedOutput();
  const running = startCommand({ ...request, keep: (text) => output.add(text) });
  const interruption = interrupt(request.timeoutMs, signal);
  try {
    const interrupted = await Promise.race([running.ended.then(() => undefined), interruption.reason]);
    if (interrupted) await running.end();
    const code = await running.ended;
    const endedBy = interrupted ?? (code === undefined ? 'signal' : 'exit');
    return { code, endedBy, output: output.toString(), durationMs: performance.now() - start };
  } finally {
    interruption.clear();
  }
}

/** Resolves when the time is over or the signal is aborted, whichever comes first. */
function interrupt(
  timeoutMs: number,
  signal: AbortSignal,
): { readonly reason: Promise<'timeout' | 'abort'>; readonly clear: () => void } {
  const cleared = new AbortController();
  const reason = new Promise<'timeout' | 'abort'>((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    cleared.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    signal.addEventListener('abort', () => resolve('abort'), { once: true, signal: cleared.signal });
  });
  return { reason, clear: () => cleared.abort() };
}
