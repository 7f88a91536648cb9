import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';
import { SandboxError } from '../../../core/errors';
import type { Containment } from '../../../core/protocol/toolCalls';
import { commandEnvironment } from '../commandEnvironment';
import { endMarked } from '../processTree';
import { runCommand } from '../runCommand';
import type { Shell } from '../shell';
import { sendCanary, type CanaryFindings } from './canary';
import { findRuntimeProgram, findSeccomp } from './containmentFiles';
import { containmentOf, notContained } from './containmentOf';
import { gitIgnoreVariables } from './gitIgnore';
import type { WrappedCommand, WrapRequest } from './runtimeMessages';
import { RuntimeProcess } from './runtimeProcess';
import { fixOfFailure, hasProgramOn, lackOf } from './systemSupport';
import { refusalSentences } from './violations';

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
}

export interface ContainmentPorts {
  /** Absolute. */
  readonly roots: readonly string[];
  /** Begins the marks of all processes. */
  readonly mark: string;
  /** Host names that commands may reach, looked at before each command. `*.example.org` stands for all below it. */
  readonly allowedHosts: () => readonly string[];
}

/** A command made ready to run inside the sandbox. */
export interface HeldCommand {
  readonly command: string;
  readonly shell: Shell;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** To be called once, when the command is gone or was never started. @returns one sentence for each thing that was refused. */
  readonly done: (result: { readonly failed: boolean; readonly output: string }) => Promise<readonly string[]>;
}

type State =
  | { readonly kind: 'none'; readonly why: Containment }
  | { readonly kind: 'held'; readonly found: CanaryFindings; readonly fix: string };

const canaryMs = 10_000;

/** The operating system's sandbox for commands: started and tried out at first use. */
export class CommandContainment {
  readonly #ports: ContainmentPorts;
  readonly #options: ContainmentOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #folder: string | undefined;
  #state: Promise<State> | undefined;
  #runtime: Promise<RuntimeProcess> | undefined;
  /** What the sandbox did not look through at the last command. */
  #gap: string | undefined;
  #closed = false;

  constructor(ports: ContainmentPorts, options: ContainmentOptions = {}) {
    this.#ports = ports;
    this.#options = options;
    this.#env = options.env ?? process.env;
  }

  /** What holds commands. Tried once; the hosts are those that are allowed now. */
  async status(): Promise<Containment> {
    const state = await this.#tried();
    return state.kind === 'none'
      ? state.why
      : containmentOf({ ...state.found, gap: this.#gap }, this.#ports.allowedHosts(), state.fix);
  }

  /** Empty files and folders that stand in for protected ones while commands run: watchers and checkpoints leave them out. */
  async ghosts(): Promise<readonly string[]> {
    return (await this.#runtime?.catch(() => undefined))?.ghosts ?? [];
  }

  /** Undefined: nothing holds commands here. @throws SandboxError 'command_unavailable' when the sandbox broke since it was tried. */
  async hold(command: string, shell: Shell, env: HeldCommand['env']): Promise<HeldCommand | undefined> {
    const state = await this.#tried();
    if (state.kind === 'none') return undefined;
    try {
      return await this.#wrap({ command, shell: shell.file, allowedHosts: this.#ports.allowedHosts() }, shell, env);
    } catch (error) {
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
    this.#closed = true;
    await this.#state?.catch(() => undefined);
    const runtime = await this.#runtime?.catch(() => undefined);
    await runtime?.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #tried(): Promise<State> {
    return (this.#state ??= this.#try());
  }

  async #try(): Promise<State> {
    const { node = { file: process.execPath, version: process.versions.node } } = this.#options;
    const hasProgram = hasProgramOn(this.#env['PATH']);
    const lack = lackOf({ platform: process.platform, nodeVersion: node.version, hasProgram });
    if (lack) return { kind: 'none', why: notContained(lack.reason, lack.fix) };
    try {
      const found = await this.#sendCanary(node.file);
      const fix = fixOfFailure(found.output);
      const why = containmentOf(found, [], fix);
      if (why.level !== 'none') return { kind: 'held', found, fix };
      await this.#closeRuntime();
      return { kind: 'none', why };
    } catch (error) {
      await this.#closeRuntime();
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'none', why: notContained(`The sandbox could not be started: ${reason}`, fixOfFailure(reason)) };
    }
  }

  async #sendCanary(node: string): Promise<CanaryFindings> {
    const folder = this.#ownFolder();
    const shell: Shell = { name: 'sh', file: '/bin/sh', argumentsFor: (text) => ['-c', text] };
    return sendCanary({
      roots: this.#ports.roots.map((root) => realpathSync(root)).filter(isWritable),
      temporary: path.join(folder, 'tmp'),
      outside: folder,
      home: homedir(),
      run: async (program, argument, extra) => {
        const command = `ELECTRON_RUN_AS_NODE=1 ${quoted(node)} -e ${quoted(program)} ${quoted(argument)}`;
        const held = await this.#wrap(
          { command, shell: shell.file, allowedHosts: [], extra },
          shell,
          commandEnvironment(this.#env, {}),
        );
        const request = { command: held.command, cwd: path.join(folder, 'tmp'), shell: held.shell, env: held.env };
        const { output } = await runCommand(
          { ...request, mark: `${this.#ports.mark}.canary.`, onOutput: () => undefined, timeoutMs: canaryMs },
          new AbortController().signal,
        );
        await held.done({ failed: false, output: '' });
        return output;
      },
    });
  }

  async #wrap(request: Omit<WrapRequest, 'key'>, shell: Shell, env: HeldCommand['env']): Promise<HeldCommand> {
    const key = randomBytes(18).toString('base64url');
    const { runtime, wrapped } = await this.#wrapWithRunning({ ...request, key });
    const { command, ignored } = wrapped;
    this.#gap = wrapped.gap;
    const folder = this.#ownFolder();
    const caches = path.join(folder, 'tmp', 'cache');
    return {
      // Replaced by bubblewrap, the shell is gone: what is held ends with this process, even when that is killed.
      command: process.platform === 'linux' ? `exec ${command}` : command,
      shell: { name: shell.name, file: '/bin/sh', argumentsFor: (text) => ['-c', text] },
      env: {
        ...env,
        // Those of the home folder cannot be written.
        ...{ XDG_CACHE_HOME: caches, npm_config_cache: path.join(caches, 'npm') },
        ...gitIgnoreVariables(path.join(folder, 'ignored'), ignored, env),
      },
      done: async (result) => refusalSentences(await runtime.done(key), { ...result, roots: this.#ports.roots }),
    };
  }

  async #wrapWithRunning(
    request: WrapRequest,
  ): Promise<{ readonly runtime: RuntimeProcess; readonly wrapped: WrappedCommand }> {
    const runtime = await this.#running();
    try {
      return { runtime, wrapped: await runtime.wrap(request) };
    } catch (error) {
      if (!runtime.isOver) throw error;
      // It died in the meantime: the next one has its chance.
      const next = await this.#running();
      return { runtime: next, wrapped: await next.wrap(request) };
    }
  }

  /** One process for all commands; another one when it broke. */
  #running(): Promise<RuntimeProcess> {
    if (this.#closed) return Promise.reject(new Error('It is closed.'));
    this.#runtime = this.#goOnWith(this.#runtime);
    return this.#runtime;
  }

  async #goOnWith(last: Promise<RuntimeProcess> | undefined): Promise<RuntimeProcess> {
    const runtime = await last?.catch(() => undefined);
    if (runtime && !runtime.isOver) return runtime;
    // What a process that was killed has left: its bridges to the network.
    if (last !== undefined) await endMarked(this.#runtimeMark);
    return this.#start();
  }

  #start(): Promise<RuntimeProcess> {
    const { program = findRuntimeProgram(), seccomp = findSeccomp(), node, hidden = [] } = this.#options;
    if (program === undefined) return Promise.reject(new Error('This build of the program has none.'));
    const folder = this.#ownFolder();
    return RuntimeProcess.open({
      program,
      folder,
      node: node?.file ?? process.execPath,
      env: this.#env,
      mark: this.#runtimeMark,
      settings: {
        roots: this.#ports.roots,
        temporary: path.join(folder, 'tmp'),
        hidden,
        ...(seccomp !== undefined && { seccomp }),
      },
    });
  }

  async #closeRuntime(): Promise<void> {
    const runtime = await this.#runtime?.catch(() => undefined);
    await runtime?.close();
  }

  get #runtimeMark(): string {
    return `${this.#ports.mark}.runtime.`;
  }

  #ownFolder(): string {
    if (this.#folder !== undefined) return this.#folder;
    // Short: Unix sockets lie in it.
    this.#folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'csgn-'));
    mkdirSync(path.join(this.#folder, 'tmp'));
    return this.#folder;
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
