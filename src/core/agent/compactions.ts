import type { ModelProvider } from '../model/provider';
import type { AgentEvent } from '../protocol/events';
import { deferred, type Deferred } from '../util/deferred';
import { Compactor, type CompactionOutcome, type CompactorPorts, type Frame } from './compactor';
import { toolDescriptions, type Setup } from './prepareTurn';
import type { TurnRunner } from './turnRunner';

export interface CompactionsPorts extends Omit<CompactorPorts, 'retry'> {
  readonly setup: Setup;
  readonly model: () => ModelProvider;
  readonly turns: TurnRunner;
}

/** The compactions that somebody asks for: between turns at once, in a turn before its next step. */
export class Compactions {
  readonly compactor: Compactor;
  readonly #ports: CompactionsPorts;
  #asked: Deferred<CompactionOutcome> | undefined;

  constructor(ports: CompactionsPorts) {
    this.#ports = ports;
    this.compactor = new Compactor({ ...ports, retry: ports.setup.retry });
  }

  /** Resolves when it is done, whichever way. @throws StoreError. */
  ask(): Promise<CompactionOutcome> {
    if (this.#asked) return this.#asked.promise;
    const asked = deferred<CompactionOutcome>();
    asked.promise.catch(() => undefined); // Whoever asked hears of it.
    this.#asked = asked;
    const { turns } = this.#ports;
    if (turns.isIdle) this.#between();
    else void turns.current?.result.promise.then(this.#whenRested, this.#whenRested);
    return asked.promise;
  }

  /** Does what was asked for since the last step. */
  async ifAsked(signal: AbortSignal): Promise<void> {
    await this.#answer(() => this.compactor.compact('asked', this.#frame(), signal));
  }

  /** The turn came to its end before it took another step. */
  readonly #whenRested = (): void => {
    const { turns } = this.#ports;
    if (!this.#asked) return;
    if (turns.isIdle) this.#between();
    else void turns.current?.result.promise.then(this.#whenRested, this.#whenRested);
  };

  #between(): void {
    const { turns } = this.#ports;
    void turns.between((signal) => this.#answer(() => this.#alone(signal)));
  }

  /** As a turn without a message: the agent works, and rests again. */
  async #alone(signal: AbortSignal): Promise<CompactionOutcome> {
    const { state, record } = this.#ports;
    if (state.info.systemPrompt === undefined) return { kind: 'nothing' };
    await state.conversation.load();
    try {
      await record({ events: [stateChanged('WORKING')] });
      return await this.compactor.compact('asked', this.#frame(), signal);
    } finally {
      await record({ events: [stateChanged('READY')] });
      state.conversation.release();
    }
  }

  async #answer(work: () => Promise<CompactionOutcome>): Promise<void> {
    const asked = this.#asked;
    if (!asked) return;
    try {
      const outcome = await work();
      this.#asked = undefined;
      asked.resolve(outcome);
    } catch (error) {
      this.#asked = undefined;
      asked.reject(error);
    }
  }

  #frame(): Frame {
    const { state, setup, model } = this.#ports;
    return { model: model(), system: state.info.systemPrompt ?? '', tools: toolDescriptions(setup.tools) };
  }
}

function stateChanged(state: 'WORKING' | 'READY'): AgentEvent {
  return { channel: 'monitor', type: 'state_changed', state };
}
