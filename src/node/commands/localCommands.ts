import { randomUUID } from 'node:crypto';
import { SandboxError, ToolError } from '../../core/errors';
import type { Containment } from '../../core/protocol/toolCalls';
import type {
  BackgroundCommand,
  CommandJudgment,
  CommandRequest,
  CommandResult,
  Commands,
} from '../../core/sandbox/sandbox';
import type { PathBox } from '../pathBox';
import { realPathOf } from '../realPath';
import { RecentOutput } from './boundedOutput';
import { commandEnvironment } from './commandEnvironment';
import type { CommandContainment, ContainmentOptions, HeldCommand } from './containment/commandContainment';
import { notContained } from './containment/containmentOf';
import { processPool, type ContainmentPool, type ContainmentShare } from './containment/containmentPool';
import { HarmlessRuns } from './harmlessRuns';
import { judgeCommand } from './judgeCommand';
import { endMarked } from './processTree';
import { runCommand } from './runCommand';
import { startCommand, type RunningCommand, type SpawnRequest } from './runningCommand';
import { findShell, type Shell } from './shell';
import { errorText } from '../../core/util/errorText';

/** How commands run on this machine. */
export interface LocalCommandsOptions {
  /** Variables for every command, also those that are taken out otherwise; undefined takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: bash, else sh; on Windows Git's bash, else PowerShell. */
  readonly shell?: Shell;
  /** True: no command has to be asked, the permission mode alone decides. For folders that are thrown away. Default false. */
  readonly unguarded?: boolean;
  /** Hosts that contained commands may reach, looked at before each command; `*.example.org` stands for all below it. Default: none. */
  readonly allowedHosts?: () => readonly string[];
  /** The operating system's sandbox for commands; false leaves it out. Default: with it, where the machine has one. */
  readonly containment?: ContainmentOptions | false;
  /** Whose sandboxes are shared. Default: those of all in this process. @internal */
  readonly pool?: ContainmentPool;
}

interface Background {
  readonly id: string;
  readonly command: string;
  readonly running: RunningCommand;
  readonly output: RecentOutput;
  /** Settles when the command is gone, whatever became of it. */
  gone: Promise<void>;
  /** Aborted when it is asked to end: then nothing more is waited for. */
  readonly ending: AbortController;
  state: { readonly status: 'running' } | { readonly status: 'exited'; readonly code: number | undefined };
}

type Request = Omit<CommandRequest, 'timeoutMs'>;

/** A command ready to be started. */
interface Prepared {
  readonly id: string;
  readonly spawn: Omit<SpawnRequest, 'keep'>;
  readonly isOver: HeldCommand['isOver'];
  /** To be called once, when it is gone or was not started. @returns what the sandbox refused. */
  readonly done: HeldCommand['done'];
}

const maxRunningInBackground = 20;
const maxEndedKept = 50;

/** Commands on this machine, with the user's own permissions. */
export class LocalCommands implements Commands {
  readonly #box: PathBox;
  readonly #shell: Shell;
  readonly #unguarded: boolean;
  readonly #asked: Readonly<Record<string, string | undefined>>;
  readonly #harmless = new HarmlessRuns();
  readonly #mark = randomUUID();
  readonly #allowedHosts: () => readonly string[];
  readonly #share: (() => ContainmentShare) | undefined;
  #shared: ContainmentShare | undefined;
  readonly #background = new Map<string, Background>();
  readonly #disposed = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #lastNumber = 0;
  /** Background commands that are about to run. */
  #starting = 0;

  constructor(box: PathBox, options: LocalCommandsOptions = {}) {
    const { env = {}, shell = findShell(), unguarded = false, allowedHosts = () => [] } = options;
    const { containment = {}, pool = processPool } = options;
    this.#box = box;
    this.#asked = env;
    this.#shell = shell;
    this.#unguarded = unguarded;
    const roots = box.roots.map(({ path }) => path);
    this.#allowedHosts = allowedHosts;
    if (containment !== false) this.#share = () => pool.share(roots, containment);
  }

  get shell(): string {
    return this.#shell.name;
  }

  judge(request: Pick<CommandRequest, 'command' | 'cwd'>, signal: AbortSignal): Promise<CommandJudgment> {
    if (this.#unguarded) return Promise.resolve({ kind: 'unguarded' });
    const variables = commandEnvironment(process.env, this.#asked);
    return judgeCommand(request, { box: this.#box, shell: this.#shell, variables }, signal);
  }

  async containment(): Promise<Containment> {
    this.#checkOpen();
    const status = await this.#contained()?.status(this.#allowedHosts());
    return status ?? notContained('The sandbox for commands is switched off.', '');
  }

  /** Empty files and folders in the workspace that stand in for protected ones while commands run, absolute: watchers and checkpoints leave them out. */
  standIns(): readonly string[] {
    return this.#shared?.containment.standIns ?? [];
  }

  async run({ timeoutMs, ...request }: CommandRequest, signal: AbortSignal): Promise<CommandResult> {
    this.#checkOpen();
    checkLength(request.command);
    const { path: real } = await realPathOf(request.cwd);
    if (!(await this.#box.contains(real))) throw movedAway(request.cwd);
    return this.#watched((either) => this.#runToEnd(request, timeoutMs, either), signal);
  }

  async start(request: Request, signal: AbortSignal): Promise<BackgroundCommand> {
    this.#checkOpen();
    checkLength(request.command);
    this.#makeRoom();
    this.#starting += 1;
    try {
      return await this.#watched((either) => this.#startInBackground(request, either), signal);
    } finally {
      this.#starting -= 1;
    }
  }

  logs(id: string): BackgroundCommand | undefined {
    const command = this.#background.get(id);
    return command && look(command);
  }

  async kill(id: string): Promise<BackgroundCommand | undefined> {
    const command = this.#background.get(id);
    if (!command) return undefined;
    command.ending.abort();
    await command.running.end();
    await command.gone;
    return look(command);
  }

  /** Ends everything that was started here; resolves when it is gone. */
  async dispose(): Promise<void> {
    this.#disposed.abort(new Error('The sandbox was closed.'));
    const background = [...this.#background.values()].filter(({ state }) => state.status === 'running');
    await Promise.allSettled([...this.#running, ...background.map(({ id }) => this.kill(id))]);
    await this.#shared?.close();
    await this.#harmless.dispose();
    await endMarked(this.#mark);
  }

  #contained(): CommandContainment | undefined {
    this.#shared ??= this.#share?.();
    return this.#shared?.containment;
  }

  /** Work that `dispose` stops and waits for. */
  async #watched<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const running = work(AbortSignal.any([signal, this.#disposed.signal]));
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #startInBackground(request: Request, signal: AbortSignal): Promise<BackgroundCommand> {
    const output = new RecentOutput();
    const { id, spawn, done } = await this.#prepare(request, signal);
    const running = await unlessNotStarted(done, () => {
      signal.throwIfAborted();
      return startCommand({ ...spawn, keep: (text) => output.add(text) });
    });
    const command: Background = {
      ...{ id, command: request.command, running, output, ending: new AbortController() },
      ...{ state: { status: 'running' }, gone: Promise.resolve() },
    };
    command.gone = follow(command, done);
    this.#background.set(id, command);
    return look(command);
  }

  /** What its sandbox refused goes with the result. */
  async #runToEnd(request: Request, timeoutMs: number, signal: AbortSignal, isLastTry = false): Promise<CommandResult> {
    const start = performance.now();
    const prepared = await this.#prepare(request, signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (prepared === undefined)
      return { code: undefined, endedBy: 'abort', output: '', durationMs: performance.now() - start };
    const { spawn, done, isOver } = prepared;
    const result = await unlessNotStarted(done, () => runCommand({ ...spawn, timeoutMs }, signal));
    const refused = await done(
      { failed: result.endedBy === 'exit' && result.code !== 0, output: result.output },
      signal,
    );
    if (!isLastTry && isOver() && hasNotBegun(result)) return this.#runToEnd(request, timeoutMs, signal, true);
    return refused.length === 0 ? result : { ...result, refused };
  }

  async #prepare({ outside = false, harmless = false, ...request }: Request, signal: AbortSignal): Promise<Prepared> {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const { command } = request;
    const [shell, allowedHosts] = [this.#shell, this.#allowedHosts()];
    const given = commandEnvironment(process.env, this.#asked);
    const env = harmless ? await this.#harmless.environment(given, await this.#box.realRoots()) : given;
    signal.throwIfAborted();
    const held = outside ? undefined : await this.#contained()?.hold({ command, shell, env, allowedHosts }, signal);
    const ways = held ?? { command, shell, env, isOver: () => false, done: () => Promise.resolve([]) };
    return {
      id: `sh-${number}`,
      ...{ done: ways.done, isOver: ways.isOver },
      spawn: {
        ...{ cwd: request.cwd, onOutput: request.onOutput, mark: `${this.#mark}.${number}.` },
        ...{ command: ways.command, shell: ways.shell, env: ways.env, held: held !== undefined },
      },
    };
  }

  #makeRoom(): void {
    const all = [...this.#background.values()];
    const ended = all.filter(({ state }) => state.status === 'exited');
    if (all.length - ended.length + this.#starting >= maxRunningInBackground)
      throw new ToolError('failed', `${maxRunningInBackground} commands run in the background already.`, {
        advice: 'End one that is not needed any more with bash_kill.',
      });
    for (const { id } of ended.slice(0, Math.max(0, ended.length - maxEndedKept))) this.#background.delete(id);
  }

  #checkOpen(): void {
    if (this.#disposed.signal.aborted)
      throw new SandboxError('command_unavailable', 'The sandbox is closed: no command can be started.', {
        advice: 'Start a new session.',
      });
  }
}

/** What could not be started gives back what was made ready for it. */
async function unlessNotStarted<T>(done: Prepared['done'], start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await done({ failed: false, output: '' }, AbortSignal.abort());
    throw error;
  }
}

/** The sandbox itself ended before the command: so it does, with one line, where something it needs is gone. */
function hasNotBegun({ endedBy, code, output }: CommandResult): boolean {
  return endedBy === 'exit' && code === 1 && /^bwrap: [^\n]*\n?$/.test(output);
}

/** Bytes that systems take for one argument or variable. */
const maxBytes: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 131_000, win32: 32_000 };

function checkLength(command: string): void {
  const limit = maxBytes[process.platform] ?? 500_000;
  const bytes = Buffer.byteLength(command);
  if (bytes <= limit) return;
  throw new ToolError('invalid_arguments', `The command has ${bytes} bytes; ${limit} can be run on this system.`, {
    advice: 'Nothing was run. Write it to a script with fs_write and run that.',
  });
}

/** Keeps what became of it, and what its sandbox refused. Never rejects. */
async function follow(command: Background, done: Prepared['done']): Promise<void> {
  const { running, output } = command;
  const say = (error: unknown): undefined => {
    output.add(`${errorText(error)}\n`);
  };
  const code = await running.ended.catch(say);
  command.state = { status: 'exited', code };
  const refused = await done({ failed: code !== 0, output: '' }, command.ending.signal).catch(say);
  for (const sentence of refused ?? []) output.add(`[${sentence}]\n`);
}

function look({ id, command, state, output }: Background): BackgroundCommand {
  const code = state.status === 'exited' ? state.code : undefined;
  return { id, command, status: state.status, code, output: output.take() };
}

function movedAway(cwd: string): SandboxError {
  return new SandboxError('raced', `The folder ${JSON.stringify(cwd)} leads out of the workspace by now.`, {
    advice: 'Nothing was run. Look at the folder before you try again.',
  });
}
