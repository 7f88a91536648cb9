import { randomBytes, randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { SandboxError } from '../../../core/errors';
import type { Containment } from '../../../core/protocol/toolCalls';
import { unlessAborted } from '../../unlessAborted';
import { commandEnvironment } from '../commandEnvironment';
import { runCommand } from '../runCommand';
import type { Shell } from '../shell';
import type { CanaryFindings } from './canary';
import { findRuntimeProgram, findSeccomp } from './containmentFiles';
import { ContainmentFolder } from './containmentFolder';
import { containmentOf, notContained } from './containmentOf';
import { gitIgnoreVariables } from './gitIgnore';
import type { WrappedCommand, WrapRequest } from './runtimeMessages';
import { RuntimeKeeper } from './runtimeKeeper';
import type { RuntimeProcess } from './runtimeProcess';
import { StandIns } from './standIns';
import { fixOfFailure, hasProgramOn, lackOf } from './systemSupport';
import { refusalSentences } from './violations';
import { errorText } from '../../../core/util/errorText';

/** What the operating system's sandbox for commands is made with. */
export interface ContainmentOptions {
  /** Further files and folders that commands may not read, absolute: the host's own store, for example. */
  readonly hidden?: readonly string[];
  /** The Node that runs the sandbox's own process. Default: this one. */
  readonly node?: { readonly file: string; readonly version: string };
  /** The program of that process. Default: the one that was built with this one. */
  readonly program?: string;
  /** The helper against Unix sockets. Default: the one that was built with this one. */
  readonly seccomp?: string;
  /** The host's variables, PATH among them. Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After how long without commands the sandbox's own process is ended. Milliseconds. Default: 5 minutes. */
  readonly idleMs?: number;
}

export interface HoldRequest {
  readonly command: string;
  readonly shell: Shell;
  readonly env: HeldCommand['env'];
  /** Host names that the command may reach. `*.example.org` stands for all below it. */
  readonly allowedHosts: readonly string[];
}

/** A command made ready to run inside the sandbox. */
export interface HeldCommand {
  readonly command: string;
  readonly shell: Shell;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the sandbox's own process ended meanwhile: then what the command needed may be gone before it began. */
  readonly isOver: () => boolean;
  /** To be called once, when the command is gone or was never started. @returns one sentence for each thing that was refused; none once the signal is aborted. */
  readonly done: (
    result: { readonly failed: boolean; readonly output: string },
    signal: AbortSignal,
  ) => Promise<readonly string[]>;
}

type State =
  | { readonly kind: 'none'; readonly why: Containment; readonly untilMs: number }
  | { readonly kind: 'held'; readonly found: CanaryFindings; readonly fix: string };

type Extra = NonNullable<WrapRequest['extra']>;

const canaryMs = 10_000;
/** After this time what failed to start is tried again. */
const failedMs = 60_000;
const never = new AbortController().signal;
const commandVariable = 'COUNTERSIGN_COMMAND';
/** The same for every command: quoted once for each shell on the way, a long one would not fit into an argument. */
const script = `eval "unset ${commandVariable}; $${commandVariable}"`;

/** The operating system's sandbox for commands in some folders: started and tried out at first use. Shared by means of ContainmentPool. */
export class CommandContainment {
  readonly #roots: readonly string[];
  readonly #options: ContainmentOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #folder = new ContainmentFolder();
  readonly #standIns: StandIns;
  readonly #runtime: RuntimeKeeper;
  #state: Promise<State> | undefined;
  /** What the sandbox did not look through at the last command. */
  #gap: string | undefined;

  /** @param roots real paths */
  constructor(roots: readonly string[], options: ContainmentOptions = {}) {
    this.#roots = roots;
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.#standIns = new StandIns(roots);
    this.#runtime = new RuntimeKeeper(async () => this.#runtimeStart(), options.idleMs);
  }

  /** Empty files and folders that stand in for protected ones while commands run: watchers and checkpoints leave them out. */
  get standIns(): readonly string[] {
    return this.#standIns.all;
  }

  /** What holds commands that may reach these hosts. Tried once; what failed to start is tried again after a minute. */
  async status(allowedHosts: readonly string[]): Promise<Containment> {
    const state = await this.#tried();
    return state.kind === 'none'
      ? state.why
      : containmentOf({ ...state.found, gap: this.#gap }, allowedHosts, state.fix);
  }

  /**
   * Undefined: nothing holds commands here.
   * @throws SandboxError 'command_unavailable' when the sandbox broke since it was tried; the signal's reason.
   */
  async hold(request: HoldRequest, signal: AbortSignal): Promise<HeldCommand | undefined> {
    const state = await unlessAborted(this.#tried(), signal);
    if (state.kind === 'none') return undefined;
    try {
      return await this.#wrap(request, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new SandboxError(
        'command_unavailable',
        `The sandbox for commands does not work any more: ${String(error)}`,
        {
          advice: 'Nothing was run. Try again; ask to run it outside of the sandbox if it stays so.',
          retryable: true,
          cause: error,
        },
      );
    }
  }

  /** Ends the sandbox's process and takes its folder away. */
  async dispose(): Promise<void> {
    await this.#state?.catch(() => undefined);
    await this.#runtime.close();
    await this.#folder.remove();
  }

  async #tried(): Promise<State> {
    const state = await (this.#state ??= this.#try());
    if (state.kind === 'held' || performance.now() < state.untilMs) return state;
    this.#state = undefined;
    return this.#tried();
  }

  async #try(): Promise<State> {
    const { node = { file: process.execPath, version: process.versions.node } } = this.#options;
    const none = (why: Containment, forMs = Infinity): State => ({
      ...{ kind: 'none', why },
      untilMs: performance.now() + forMs,
    });
    const hasProgram = hasProgramOn(this.#env['PATH']);
    const lack = lackOf({ platform: process.platform, nodeVersion: node.version, hasProgram });
    if (lack) return none(notContained(lack.reason, lack.fix));
    try {
      const found = await this.#sendCanary(node.file);
      const fix = fixOfFailure(found.output);
      const why = containmentOf(found, [], fix);
      if (why.level !== 'none') return { kind: 'held', found, fix };
      await this.#runtime.end();
      return none(why);
    } catch (error) {
      await this.#runtime.end();
      const reason = errorText(error);
      const fix = fixOfFailure(reason);
      return none(notContained(`The sandbox could not be started: ${reason}`, fix), failedMs);
    }
  }

  async #sendCanary(node: string): Promise<CanaryFindings> {
    const { sendCanary } = await import('./canary');
    const { path: outside, temporary } = this.#folder;
    const shell: Shell = { name: 'sh', file: '/bin/sh', argumentsFor: (text) => ['-c', text] };
    return sendCanary({
      // One tells of all, and watchers of the others are not woken.
      roots: this.#roots.filter(isWritable).slice(0, 1),
      ...{ temporary, outside, home: homedir() },
      run: async (program, argument, extra) => {
        const command = `ELECTRON_RUN_AS_NODE=1 ${quoted(node)} -e ${quoted(program)} ${quoted(argument)}`;
        const env = commandEnvironment(this.#env, {});
        const held = await this.#wrap({ command, shell, env, allowedHosts: [] }, never, extra);
        const request = { command: held.command, cwd: temporary, shell: held.shell, env: held.env };
        const mark = `${randomUUID()}.canary.`;
        const all = { ...request, mark, onOutput: () => undefined, timeoutMs: canaryMs };
        const run = runCommand(all, never).finally(() => held.done({ failed: false, output: '' }, never));
        return (await run).output;
      },
    });
  }

  async #wrap(request: HoldRequest, signal: AbortSignal, extra?: Extra): Promise<HeldCommand> {
    const key = randomBytes(18).toString('base64url');
    const used: RuntimeProcess[] = [];
    const done = (waiting: AbortSignal) => this.#end(key, used, waiting);
    this.#runtime.use();
    try {
      await this.#standIns.enter(key, signal);
      const { runtime, wrapped } = await this.#runtime.ask(async (runtime) => {
        used.push(runtime);
        this.#standIns.add(await runtime.look(this.#standIns.all, signal));
        const { shell, allowedHosts } = request;
        const asked = { key, command: script, shell: shell.file, allowedHosts, standIns: this.#standIns.all };
        return { runtime, wrapped: await runtime.wrap({ ...asked, ...(extra && { extra }) }, signal) };
      }, signal);
      return this.#held(request, wrapped, { isOver: () => runtime.isOver, done });
    } catch (error) {
      await done(AbortSignal.abort());
      throw error;
    }
  }

  #held(
    { command, shell, env }: HoldRequest,
    wrapped: WrappedCommand,
    {
      isOver,
      done,
    }: { readonly isOver: () => boolean; readonly done: (signal: AbortSignal) => ReturnType<RuntimeProcess['done']> },
  ): HeldCommand {
    const folder = this.#folder.path;
    const caches = path.join(this.#folder.temporary, 'cache');
    this.#gap = wrapped.gap;
    return {
      isOver,
      // Replaced by bubblewrap, the shell is gone: what is held ends with this process, even when that is killed.
      command: process.platform === 'linux' ? `exec ${wrapped.command}` : wrapped.command,
      shell: { name: shell.name, file: '/bin/sh', argumentsFor: (text) => ['-c', text] },
      env: {
        ...env,
        // Those of the home folder cannot be written.
        ...{ XDG_CACHE_HOME: caches, npm_config_cache: path.join(caches, 'npm') },
        ...gitIgnoreVariables(path.join(folder, 'ignored'), wrapped.ignored, env),
        [commandVariable]: command,
      },
      done: async (result, signal) => refusalSentences(await done(signal), { ...result, roots: this.#roots }),
    };
  }

  /** Takes nothing away before the sandbox's process has answered, or is given up. */
  async #end(
    key: string,
    used: readonly RuntimeProcess[],
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<RuntimeProcess['done']>>> {
    try {
      const refused = await Promise.all(used.map((runtime) => runtime.done(key, signal)));
      return refused.flat();
    } finally {
      this.#runtime.rest();
      this.#standIns.leave(key);
    }
  }

  #runtimeStart() {
    const { program = findRuntimeProgram(), seccomp = findSeccomp(), node, hidden = [] } = this.#options;
    if (program === undefined) throw new Error('This build of the program has none.');
    const { path: folder, temporary } = this.#folder;
    return {
      ...{ program, folder, node: node?.file ?? process.execPath, env: this.#env },
      settings: { roots: this.#roots, temporary, hidden, ...(seccomp !== undefined && { seccomp }) },
    };
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
