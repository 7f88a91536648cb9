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
import { judgeCommand } from './judgeCommand';
import { endMarked } from './processTree';
import { runCommand } from './runCommand';
import { startCommand, type RunningCommand, type SpawnRequest } from './runningCommand';
import { findShell, type Shell } from './shell';

export interface LocalCommandsOptions {
  /** Variables for every command, also those that are taken out otherwise; undefined takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: bash, else sh; on Windows Git's bash, else PowerShell. */
  readonly shell?: Shell;
  /** True: no command has to be asked, the permission mode alone decides. For folders that are thrown away. Default false. */
  readonly unguarded?: boolean;
}

interface Background {
  readonly id: string;
  readonly command: string;
  readonly running: RunningCommand;
  readonly output: RecentOutput;
  /** Settles when the command is gone, whatever became of it. */
  readonly gone: Promise<void>;
  state: { readonly status: 'running' } | { readonly status: 'exited'; readonly code: number | undefined };
}

const notContained: Containment = {
  level: 'none',
  files: 'It can change every file that you can change.',
  network: 'It can reach every host.',
  reason: 'Commands are not held by a sandbox yet.',
  fix: '',
};

const maxRunningInBackground = 20;
const maxEndedKept = 50;

/** Commands on this machine, with the user's own permissions. */
export class LocalCommands implements Commands {
  readonly #box: PathBox;
  readonly #shell: Shell;
  readonly #unguarded: boolean;
  readonly #asked: Readonly<Record<string, string | undefined>>;
  readonly #mark = randomUUID();
  readonly #background = new Map<string, Background>();
  readonly #disposed = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #lastNumber = 0;

  constructor(box: PathBox, { env = {}, shell = findShell(), unguarded = false }: LocalCommandsOptions = {}) {
    this.#box = box;
    this.#asked = env;
    this.#shell = shell;
    this.#unguarded = unguarded;
  }

  get shell(): string {
    return this.#shell.name;
  }

  judge(request: Pick<CommandRequest, 'command' | 'cwd'>, signal: AbortSignal): Promise<CommandJudgment> {
    if (this.#unguarded) return Promise.resolve({ kind: 'unguarded' });
    return judgeCommand(request, { box: this.#box, shell: this.#shell }, signal);
  }

  containment(): Promise<Containment> {
    return Promise.resolve(notContained);
  }

  async run({ timeoutMs, ...request }: CommandRequest, signal: AbortSignal): Promise<CommandResult> {
    this.#checkOpen();
    const { path: real } = await realPathOf(request.cwd);
    if (!(await this.#box.contains(real))) throw movedAway(request.cwd);
    const either = AbortSignal.any([signal, this.#disposed.signal]);
    const running = runCommand({ ...this.#spawnRequest(request), timeoutMs }, either);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async start(request: Omit<CommandRequest, 'timeoutMs'>): Promise<BackgroundCommand> {
    this.#checkOpen();
    this.#makeRoom();
    const output = new RecentOutput();
    const spawnRequest = this.#spawnRequest(request);
    const running = startCommand({ ...spawnRequest, keep: (text) => output.add(text) });
    const command: Background = {
      id: `sh-${this.#lastNumber}`,
      command: request.command,
      running,
      output,
      state: { status: 'running' },
      gone: running.ended.then(
        (code) => void (command.state = { status: 'exited', code }),
        (error: unknown) => {
          output.add(error instanceof Error ? error.message : String(error));
          command.state = { status: 'exited', code: undefined };
        },
      ),
    };
    this.#background.set(command.id, command);
    return look(command);
  }

  logs(id: string): BackgroundCommand | undefined {
    const command = this.#background.get(id);
    return command && look(command);
  }

  async kill(id: string): Promise<BackgroundCommand | undefined> {
    const command = this.#background.get(id);
    if (!command) return undefined;
    await command.running.end();
    await command.gone;
    return look(command);
  }

  /** Ends everything that was started here; resolves when it is gone. */
  async dispose(): Promise<void> {
    this.#disposed.abort(new Error('The sandbox was closed.'));
    const background = [...this.#background.values()].filter(({ state }) => state.status === 'running');
    await Promise.allSettled([...this.#running, ...background.map(({ id }) => this.kill(id))]);
    await endMarked(this.#mark);
  }

  #spawnRequest(request: Omit<CommandRequest, 'timeoutMs'>): Omit<SpawnRequest, 'keep'> {
    this.#lastNumber += 1;
    return {
      ...request,
      shell: this.#shell,
      env: commandEnvironment(process.env, this.#asked),
      mark: `${this.#mark}.${this.#lastNumber}.`,
    };
  }

  #makeRoom(): void {
    const all = [...this.#background.values()];
    const ended = all.filter(({ state }) => state.status === 'exited');
    if (all.length - ended.length >= maxRunningInBackground)
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

function look({ id, command, state, output }: Background): BackgroundCommand {
  const code = state.status === 'exited' ? state.code : undefined;
  return { id, command, status: state.status, code, output: output.take() };
}

function movedAway(cwd: string): SandboxError {
  return new SandboxError('raced', `The folder ${JSON.stringify(cwd)} leads out of the workspace by now.`, {
    advice: 'Nothing was run. Look at the folder before you try again.',
  });
}
