import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { exitOf } from '../commands/processTree';
import { ripgrepEnvironment } from './findRipgrep';

export interface RipgrepRun {
  /** The program. */
  readonly file: string;
  /** An absolute folder. */
  readonly cwd: string;
  /** After those that are always given. It must list paths. */
  readonly args: readonly string[];
  /** What each path begins with; it is left out. Default: nothing. */
  readonly prefix?: string;
  /** Milliseconds. Default 20,000. */
  readonly timeLimitMs?: number;
}

/** It failed in a way that says nothing about what was looked for: look without it. */
export class RipgrepFailure extends Error {
  override readonly name = 'RipgrepFailure';
  /** It did not come to its end in time. */
  readonly isLate: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isLate?: boolean } = {}) {
    super(message, options);
    this.isLate = options.isLate ?? false;
  }
}

const defaultTimeLimitMs = 20_000;
const watchMs = 100;
/** An ignore file that never ends, a device for example, would otherwise be read until the memory is full. */
const maxMemoryBytes = 1024 * 1024 * 1024;
const maxOutputBytes = 256 * 1024 * 1024;
const maxComplaintCharacters = 2_000;

/** Nothing of the user's own settings, nothing from above the workspace, no messages about single files. */
const fixedArguments = ['--no-config', '--no-messages', '--null', '--color=never', '--path-separator=/'] as const;

/**
 * Gives the paths that ripgrep lists to `onPaths`, as they come. No shell, no input, no environment.
 * @throws RipgrepFailure; the signal's reason, once it is killed.
 */
export async function runRipgrep(
  { file, cwd, args, prefix = '', timeLimitMs = defaultTimeLimitMs }: RipgrepRun,
  onPaths: (paths: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(file, [...fixedArguments, ...args], {
    cwd,
    env: ripgrepEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let failure: RipgrepFailure | undefined;
  const give = (reason: string, isLate = false): void => {
    failure ??= new RipgrepFailure(reason, { isLate });
    child.kill('SIGKILL');
  };
  const onAbort = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  const watch = watchOver(child, timeLimitMs, give);
  const complaint = complaintOf(child);
  try {
    readPaths(child, prefix, onPaths, give);
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const code = await exitOf(child);
    if (!signal.aborted && failure === undefined) await closed;
    signal.throwIfAborted();
    if (failure) throw failure;
    // 1: nothing found. 2 is also a folder that cannot be read, about which nothing is said.
    if (code !== 0 && code !== 1 && !(code === 2 && complaint() === '')) throw new RipgrepFailure(complaint());
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RipgrepFailure ? error : new RipgrepFailure(String(error), { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearInterval(watch);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Paths end with a zero byte, which no path holds: line breaks in names are part of the name. */
function readPaths(
  child: Child,
  prefix: string,
  onPaths: (paths: readonly string[]) => void,
  give: (reason: string) => void,
): void {
  let rest: readonly Buffer[] = [];
  let totalBytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    totalBytes += chunk.length;
    if (totalBytes > maxOutputBytes) give(`more than ${maxOutputBytes} bytes of paths`);
    const end = chunk.lastIndexOf(0);
    if (end < 0) {
      rest = [...rest, chunk];
      return;
    }
    const whole = Buffer.concat([...rest, chunk.subarray(0, end)]).toString('utf8');
    onPaths(whole.slice(prefix.length).split(`\0${prefix}`));
    rest = [chunk.subarray(end + 1)];
  });
}

function complaintOf(child: Child): () => string {
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (text.length < maxComplaintCharacters) text += chunk.toString('utf8').slice(0, maxComplaintCharacters);
  });
  return () => text.trim();
}

function watchOver(
  child: Child,
  timeLimitMs: number,
  give: (reason: string, isLate?: boolean) => void,
): NodeJS.Timeout {
  const start = performance.now();
  const watch = setInterval(
    () => {
      if (performance.now() - start > timeLimitMs) give(`no end after ${timeLimitMs} ms`, true);
      else if (memoryOf(child.pid) > maxMemoryBytes) give(`more than ${maxMemoryBytes} bytes of memory`);
    },
    Math.min(watchMs, timeLimitMs),
  );
  watch.unref();
  return watch;
}

/** Resident bytes; 0 where the system does not tell. */
function memoryOf(processId: number | undefined): number {
  if (process.platform !== 'linux' || processId === undefined) return 0;
  try {
    const [, pages] = readFileSync(`/proc/${processId}/statm`, 'latin1').split(' ');
    return Number(pages) * 4096;
  } catch {
    return 0; // It has ended.
  }
}
