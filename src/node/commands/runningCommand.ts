import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxError } from '../../core/errors';
import { LiveOutput } from './liveOutput';
import { OutputText } from './outputText';
import { endMarked, endTree, exitOf, isGroupAlive, markVariable } from './processTree';
import type { Shell } from './shell';

export interface SpawnRequest {
  readonly command: string;
  /** An absolute, existing folder. */
  readonly cwd: string;
  readonly shell: Shell;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Finds the processes of this command again; unique. */
  readonly mark: string;
  /** The operating system's sandbox holds it. Default false. */
  readonly held?: boolean;
  /** All of the output, cleaned, as it comes. */
  readonly keep: (text: string) => void;
  /** Some of it, for whoever watches. */
  readonly onOutput: (text: string) => void;
}

/** How long output may still come after the command itself has ended: processes that it left behind can hold the pipe open. */
const drainMs = 250;
/** Output beyond this in one window makes the command wait, so that it cannot take the host's time for itself. */
const windowMs = 50;
const maxWindowBytes = 1024 * 1024;

/** A started command. `ended` resolves when it, its process group and its output are done. */
export interface RunningCommand {
  /** @throws SandboxError 'command_unavailable' when the shell could not be started. */
  readonly ended: Promise<number | undefined>;
  /** Ends it with all its processes; resolves when they are gone. */
  end(): Promise<void>;
}

export function startCommand(request: SpawnRequest): RunningCommand {
  const child = spawnShell(request);
  const output = new CommandOutput(child, request);
  let ending: Promise<void> | undefined;
  let over = false;
  // Once it is over its group's number may be another one's: then only what carries the mark is ours.
  const end = (): Promise<void> =>
    (ending ??=
      over || child.pid === undefined ? endMarked(request.mark) : endTree(child.pid, request.mark, request.held));
  const ended = waitForEnd(child, output, { end, isAsked: () => ending !== undefined }, request).finally(
    () => (over = true),
  );
  return { ended, end };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function spawnShell(request: SpawnRequest): Child {
  const { shell, command, cwd, env, mark } = request;
  try {
    return spawn(shell.file, shell.argumentsFor(command), {
      cwd,
      env: { ...env, [markVariable]: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that all of it can be signalled.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    throw notStarted(request, error);
  }
}

async function waitForEnd(
  child: Child,
  output: CommandOutput,
  tree: { readonly end: () => Promise<void>; readonly isAsked: () => boolean },
  request: SpawnRequest,
): Promise<number | undefined> {
  try {
    const code = await exitOf(child);
    await output.drained();
    if (child.pid !== undefined && (await isGroupAlive(child.pid))) {
      const leftRunning = !tree.isAsked();
      await tree.end();
      await output.drained();
      output.end();
      if (leftRunning) request.keep('[what the command left running was ended]\n');
    }
    return code;
  } catch (error) {
    throw notStarted(request, error);
  } finally {
    output.end();
  }
}

function notStarted({ shell, cwd }: SpawnRequest, cause: unknown): SandboxError {
  return new SandboxError(
    'command_unavailable',
    `The shell ${JSON.stringify(shell.file)} could not be started in ${JSON.stringify(cwd)}: ${String(cause)}.`,
    { advice: 'Check that both exist and that the command is not too long.', cause },
  );
}

/** Both streams of a command as one text, line by line. */
class CommandOutput {
  readonly #closed: Promise<void>;
  readonly #streams: readonly Readable[];
  readonly #texts: readonly OutputText[];
  readonly #live: LiveOutput;
  readonly #keep: (text: string) => void;
  readonly #window: NodeJS.Timeout;
  #windowBytes = 0;
  #ended = false;

  constructor(child: Child, { keep, onOutput }: SpawnRequest) {
    this.#keep = keep;
    this.#streams = [child.stdout, child.stderr];
    this.#texts = this.#streams.map(() => new OutputText());
    this.#live = new LiveOutput(
      onOutput,
      () => this.#texts.map((text) => text.current).find((line) => line !== '') ?? '',
    );
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
    this.#window = setInterval(() => this.#openWindow(), windowMs);
    this.#window.unref();
    for (const [index, stream] of this.#streams.entries()) {
      const text = this.#texts[index] ?? new OutputText();
      stream.on('data', (bytes: Buffer) => this.#take(text, bytes));
      // A pipe that breaks ends the output; how the command ended is told by its exit.
      stream.on('error', () => stream.destroy());
    }
  }

  /** Resolves when all output has come, or after 250 ms. */
  async drained(): Promise<void> {
    await Promise.race([this.#closed, sleep(drainMs, undefined, { ref: false })]);
  }

  /** Takes no more: what still holds the pipes writes into nothing. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#window);
    for (const stream of this.#streams) stream.destroy();
    for (const text of this.#texts) {
      const last = text.end();
      this.#pass(last === '' || last.endsWith('\n') ? last : `${last}\n`);
    }
    this.#live.end();
  }

  #take(text: OutputText, bytes: Buffer): void {
    if (this.#ended) return;
    this.#pass(text.write(bytes));
    this.#windowBytes += bytes.length;
    if (this.#windowBytes > maxWindowBytes) for (const stream of this.#streams) stream.pause();
  }

  #openWindow(): void {
    if (this.#windowBytes > maxWindowBytes) for (const stream of this.#streams) stream.resume();
    this.#windowBytes = 0;
  }

  #pass(text: string): void {
    if (text === '') return;
    this.#keep(text);
    this.#live.add(text);
  }
}
