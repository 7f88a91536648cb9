import type { ModelProvider } from '../model/provider';
import type { AgentEvent } from '../protocol/events';
import { deferred, type Deferred } from '../util/deferred';
import { Compactor, type CompactionOutcome, type CompactorPorts, type Frame } from './compactor';
import { toolDescriptions, type Setup } from './prepareTurn';
import type { TurnRunner } from './turnRunner';

export interface CompactionsPorts extends Omit<CompactorPorts, 'retry' | 'hooks'> {
  readonly setup: Setup;
  readonly model: () => ModelProvider;
  readonly turns: TurnRunner;
}

/** The compactions that somebody asks for: between turns at once, in a turn before its next step. */
export class Compactions {
  readonly compactor: Compactor;
  readonly #ports: CompactionsPorts;
  #asked: Deferred<CompactionOutcome> | undefined;
  #isWorking = false;

  constructor(ports: CompactionsPorts) {
    this.#ports = ports;
    this.compactor = new Compactor({ ...ports, retry: ports.setup.retry, hooks: ports.setup.hooks });
  }

  /** Resolves when it is done, whichever way. @throws StoreError. */
  ask(): Promise<CompactionOutcome> {
    if (this.#asked) return this.#asked.promise;
    const asked = deferred<CompactionOutcome>();
    asked.promise.catch(() => undefined); // Whoever asked hears of it.
    this.#asked = asked;
    this.#whenRested(asked);
    return asked.promise;
  }

  /** Does what was asked for since the last step. */
  async ifAsked(frame: Frame, signal: AbortSignal): Promise<void> {
    await this.#answer(() => this.compactor.compact('asked', frame, signal));
  }

  /** What was asked for and has not begun is not done any more; what has begun ends with what it runs in. */
  cancel(): void {
    if (this.#isWorking) return;
    this.#asked?.resolve({ kind: 'interrupted' });
    this.#asked = undefined;
  }

  /** At once if nothing runs, else after the turn, unless that has done it before one of its steps. */
  #whenRested(asked: Deferred<CompactionOutcome>): void {
    const { turns } = this.#ports;
    if (this.#asked !== asked || this.#isWorking) return;
    if (turns.isIdle) void turns.between((signal) => this.#answer(() => this.#alone(signal))).catch(() => undefined);
    else {
      const again = (): void => this.#whenRested(asked);
      void turns.current?.result.promise.then(again, again);
    }
  }

  /** As a turn without a message: the agent works, and rests again. */
  async #alone(signal: AbortSignal): Promise<CompactionOutcome> {
    const { state, record } = this.#ports;
    if (state.info.systemPrompt === undefined) return { kind: 'nothing' };
    try {
      await record({ events: [stateChanged('WORKING')] });
      // After the record: a conversation that is going back at this moment has gone back by then.
      await state.conversation.load();
      return await this.compactor.compact('asked', this.#frame(), signal);
    } finally {
      await record({ events: [stateChanged('READY')] });
      state.conversation.release();
    }
  }

  /** @throws what the work throws; whoever asked hears of it, too. */
  async #answer(work: () => Promise<CompactionOutcome>): Promise<void> {
    const asked = this.#asked;
    if (!asked) return;
    this.#isWorking = true;
    try {
      asked.resolve(await work());
    } catch (error) {
      asked.reject(error);
      throw error;
    } finally {
      this.#isWorking = false;
      this.#asked = undefined;
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
