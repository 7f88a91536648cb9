import { strict as assert } from 'node:assert';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { StoreAnswer, StoreCommand } from './storeProgram';

/** Whether processes can be put into a pid namespace of their own here: on Linux, as root. */
export function canUnshare(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', [...unshared, 'true']).status === 0;
}

export interface StoreProcessOptions {
  readonly ownPidNamespace?: boolean;
  readonly machineId?: string;
  /** Default 'json'. */
  readonly format?: 'json' | 'sqlite';
}

/** Another process that uses the store in `dir` for one session, by `storeProgram.ts`. */
export class StoreProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;

  constructor(program: string, dir: string, agentId: string, opts: StoreProcessOptions = {}) {
    const { format = 'json' } = opts;
    const args = [program, dir, agentId, format, ...(opts.machineId === undefined ? [] : [opts.machineId])];
    const [command, before] = opts.ownPidNamespace
      ? ['unshare', [...unshared, process.execPath]]
      : [process.execPath, []];
    // A group of its own, so that a signal reaches the process behind unshare too.
    this.#child = spawn(command, [...before, ...args], { detached: true, stdio: 'pipe' });
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#ended = once(this.#child, 'exit');
  }

  get pid(): number {
    assert.ok(this.#child.pid);
    return this.#child.pid;
  }

  /** One at a time. */
  async ask(command: StoreCommand): Promise<StoreAnswer> {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    const line = await this.#lines.next();
    assert.ok(!line.done, `the process ended at ${JSON.stringify(command)}`);
    return JSON.parse(line.value) as StoreAnswer;
  }

  /** As `ask`, and it must work. */
  async do(command: StoreCommand): Promise<StoreAnswer> {
    const answer = await this.ask(command);
    assert.equal(answer.code, 'ok', JSON.stringify(command));
    return answer;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(-this.pid, name);
  }

  /** Resolves once it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) process.kill(-this.pid, 'SIGKILL');
    await this.#ended;
  }

  /** Says that there are no more commands: a process that nothing keeps alive ends by itself. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}

const unshared = ['--pid', '--fork', '--mount-proc'];
