import { randomUUID } from 'node:crypto';
import { unlessAborted } from '../../unlessAborted';
import { endMarked } from '../processTree';
import { RuntimeProcess, type RuntimeStart } from './runtimeProcess';

const defaultIdleMs = 5 * 60_000;

/** One process of the sandbox for all its commands: started when it is needed, another one when it broke, ended when it idles. */
export class RuntimeKeeper {
  readonly #start: () => Promise<Omit<RuntimeStart, 'mark'>>;
  readonly #idleMs: number;
  readonly #mark = `${randomUUID()}.runtime.`;
  #runtime: Promise<RuntimeProcess> | undefined;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(start: () => Promise<Omit<RuntimeStart, 'mark'>>, idleMs = defaultIdleMs) {
    this.#start = start;
    this.#idleMs = idleMs;
  }

  /** It is not ended by itself until the same number of `rest` have followed. */
  use(): void {
    this.#users += 1;
    clearTimeout(this.#idle);
  }

  rest(): void {
    this.#users -= 1;
    clearTimeout(this.#idle);
    if (this.#users > 0 || this.#isClosed) return;
    this.#idle = setTimeout(() => void this.end(), this.#idleMs);
    this.#idle.unref();
  }

  /** Asks the one that runs; the next one when that died meanwhile or at its start. */
  async ask<T>(question: (runtime: RuntimeProcess) => Promise<T>, signal: AbortSignal): Promise<T> {
    let runtime: RuntimeProcess | undefined;
    try {
      runtime = await unlessAborted(this.#running(), signal);
      return await question(runtime);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#isClosed || runtime?.isOver === false) throw error;
      return question(await unlessAborted(this.#running(), signal));
    }
  }

  /** It is started again when it is asked again. */
  async end(): Promise<void> {
    const runtime = await this.#runtime?.catch(() => undefined);
    await runtime?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    await this.end();
    await endMarked(this.#mark);
  }

  #running(): Promise<RuntimeProcess> {
    if (this.#isClosed) return Promise.reject(new Error('It is closed.'));
    this.#runtime = this.#goOnWith(this.#runtime);
    return this.#runtime;
  }

  async #goOnWith(last: Promise<RuntimeProcess> | undefined): Promise<RuntimeProcess> {
    const runtime = await last?.catch(() => undefined);
    if (runtime && !runtime.isOver) return runtime;
    // What a process that was killed has left: its bridges to the network.
    if (last !== undefined) await endMarked(this.#mark);
    return RuntimeProcess.open({ ...(await this.#start()), mark: this.#mark });
  }
}
