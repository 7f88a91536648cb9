import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred, type Deferred } from '../../../core/util/deferred';
import { unlessAborted } from '../../unlessAborted';
import { markVariable } from '../processTree';
import type {
  MissingPath,
  RuntimeAnswer,
  RuntimeCall,
  RuntimeQuestion,
  RuntimeSettings,
  Violation,
  WrappedCommand,
  WrapRequest,
} from './runtimeMessages';

export interface RuntimeStart {
  /** The program that Node runs. */
  readonly program: string;
  readonly node: string;
  /** The process's own folder, which no command may change. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Finds the process and its helpers again. */
  readonly mark: string;
  readonly settings: RuntimeSettings;
}

const answerMs = 20_000;
const closeMs = 2_000;

const notLooked =
  'The sandbox’s own process ended meanwhile: what the command made was not looked through. Look at new repositories before you use git in them.';

/** The sandbox's own process, from the outside. Keeps no process alive by itself. */
export class RuntimeProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Deferred<RuntimeAnswer>>();
  /** By their keys, until they are done. */
  readonly #wraps = new Map<string, Promise<RuntimeAnswer>>();
  #lastId = 0;
  #ended: Error | undefined;

  /** @throws Error saying why the sandbox cannot be had. */
  static async open(start: RuntimeStart): Promise<RuntimeProcess> {
    const runtime = new RuntimeProcess(start);
    try {
      await runtime.#ask({ kind: 'open', settings: start.settings });
      return runtime;
    } catch (error) {
      await runtime.close();
      throw error;
    }
  }

  private constructor({ program, node, folder, env, mark, settings }: RuntimeStart) {
    this.#child = fork(program, [], {
      cwd: folder,
      execPath: node,
      execArgv: [],
      env: {
        ...env,
        ...{ NODE_OPTIONS: undefined, ELECTRON_RUN_AS_NODE: '1', [markVariable]: mark },
        ...{ TMPDIR: folder, CLAUDE_CODE_TMPDIR: settings.temporary },
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Signals for the host's group are the host's: this process ends with its channel.
      detached: true,
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', (answer: RuntimeAnswer) => this.#settle(answer));
    this.#child.on('error', (error) => this.#end(error));
    this.#child.on('exit', (code, signal) =>
      this.#end(new Error(`Its process ended (${signal ?? code ?? 'unknown'}).`)),
    );
  }

  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  /** What needs a stand-in apart from those that are there. No answer is waited for once the signal is aborted. */
  async look(standIns: readonly string[], signal: AbortSignal): Promise<readonly MissingPath[]> {
    const answer = await unlessAborted(this.#ask({ kind: 'look', standIns }), signal);
    if (answer.kind !== 'missing') throw unexpected(answer);
    return answer.missing;
  }

  /** `done` has to follow, also when it fails. */
  async wrap(request: WrapRequest, signal: AbortSignal): Promise<WrappedCommand> {
    const asked = this.#ask({ kind: 'wrap', request });
    this.#wraps.set(request.key, asked);
    const answer = await unlessAborted(asked, signal);
    if (answer.kind !== 'wrapped') throw unexpected(answer);
    return answer.wrapped;
  }

  /** @returns what was refused; nothing when the process is over, or when it takes longer than the signal allows. */
  async done(key: string, signal: AbortSignal): Promise<readonly Violation[]> {
    const wrapped = this.#wraps.get(key);
    this.#wraps.delete(key);
    if (wrapped === undefined) return [];
    const asked = wrapped.then(
      () => this.#ask({ kind: 'done', key }),
      // It failed, and has nothing to give back.
      () => undefined,
    );
    const answer = await unlessAborted(asked, signal).catch((error: unknown) => {
      if (!this.isOver && !signal.aborted) throw error;
      return signal.aborted ? undefined : ('over' as const);
    });
    if (answer === 'over') return [{ kind: 'made', sentence: notLooked }];
    return answer?.kind === 'refusals' ? answer.violations : [];
  }

  /** Ends the process and its helpers; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#child.ref();
    const exit = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await Promise.race([exit, sleep(closeMs, undefined, { ref: false })]);
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    this.#end(new Error('It was closed.'));
  }

  async #ask(call: RuntimeCall): Promise<RuntimeAnswer> {
    if (this.#ended) throw this.#ended;
    this.#lastId += 1;
    const question: RuntimeQuestion = { id: this.#lastId, call };
    const waiting = deferred<RuntimeAnswer>();
    this.#waiting.set(question.id, waiting);
    const timer = setTimeout(() => this.#end(new Error(`It gave no answer for ${answerMs / 1000} s.`)), answerMs);
    this.#child.channel?.ref();
    try {
      this.#child.send(question, (error) => error && this.#end(error));
      const answer = await waiting.promise;
      if (answer.kind === 'failed') throw new Error(answer.message);
      return answer;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(question.id);
      if (this.#waiting.size === 0) this.#child.channel?.unref();
    }
  }

  #settle(answer: RuntimeAnswer): void {
    this.#waiting.get(answer.id)?.resolve(answer);
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    for (const waiting of this.#waiting.values()) waiting.reject(error);
  }
}

function unexpected({ kind }: RuntimeAnswer): Error {
  return new Error(`It gave an unexpected answer (${kind}).`);
}
