import type { AgentConfig } from '../agent/config';
import type { EventHub } from '../agent/eventHub';
import type { Setup } from '../agent/prepareTurn';
import type { SpendingBook } from '../agent/spendingBook';
import type { AgentState } from '../agent/state';
import type { TurnRunner } from '../agent/turnRunner';
import type { Approvals } from '../agent/approvals';
import type { EditCheckpoints } from '../checkpoints/checkpointRecorder';
import type { ModelProvider } from '../model/provider';
import type { PermissionConfig } from '../permission/policy';
import type { AgentRules } from '../permission/rules';
import type { EventOf } from '../protocol/events';
import type { AgentId, MessageId } from '../protocol/ids';
import { addSpending, totalSpending } from '../protocol/usage';
import { safeStart } from '../util/safeStart';
import type { Above, TurnAbove } from './above';
import { childConfig, promptOf } from './childConfig';
import { tellProgress } from './progressLines';
import { Relay, type AskingAgent } from './relay';
import { oneLevelLess } from './subagents';
import type { Task, TaskResult, TaskService } from './task';

/** The working parts of a subagent, as far as its agent uses them. */
export interface ChildCore {
  readonly state: AgentState;
  readonly hub: EventHub;
  readonly approvals: Approvals;
  readonly turns: Pick<TurnRunner, 'wait'>;
  accept(input: string): ReturnType<TurnRunner['accept']>;
  interrupt(opts: { readonly keepQueued?: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** Makes a subagent. Given from outside: whoever opens agents knows their parts, not the other way round. */
export type Spawn = (config: AgentConfig, above: Above) => Promise<ChildCore>;

export interface DelegatesPorts extends Omit<AskingAgent, 'state'> {
  readonly state: Readonly<AgentState>;
  readonly setup: Setup;
  readonly spawn: Spawn;
  readonly above: Above | undefined;
  readonly book: SpendingBook;
  readonly rules: AgentRules;
  readonly model: () => ModelProvider;
  readonly permission: () => PermissionConfig;
}

/** The subagents of one agent, while they work. Each has a session of its own; sandbox, rules, reviews and budget are shared. */
export class Delegates {
  readonly #ports: DelegatesPorts;
  readonly #running = new Map<AbortController, Promise<unknown>>();
  /** Edits of subagents that work beside each other are kept and applied one after the other. */
  #edits: Promise<unknown> = Promise.resolve();

  constructor(ports: DelegatesPorts) {
    this.#ports = ports;
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** For the tools of one turn. */
  ofTurn(turnId: MessageId, checkpoints: EditCheckpoints): TaskService {
    const { above, state } = this.#ports;
    const own = (): TurnAbove => ({
      ...{ agentId: state.info.agentId, turnId },
      checkpoints: { around: (changes, signal, edit) => this.#next(() => checkpoints.around(changes, signal, edit)) },
    });
    const turn = above ? above.turn : own();
    return { run: (task, progress, signal) => this.run(task, { progress, signal, turn }) };
  }

  /** @throws ConfigError, PermissionError, StoreError. */
  run(
    task: Task,
    {
      progress,
      signal,
      turn,
    }: {
      readonly progress?: (text: string) => void;
      readonly signal?: AbortSignal | undefined;
      readonly turn?: TurnAbove | undefined;
    },
  ): Promise<TaskResult> {
    const stop = new AbortController();
    const done = this.#run(task, turn, progress, AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]));
    const settled = done.finally(() => this.#running.delete(stop));
    this.#running.set(
      stop,
      settled.catch(() => undefined),
    ); // Whoever gave the task hears of its failure.
    return settled;
  }

  /** Stops all that work; resolves when they have come to rest. */
  async stop(why: string): Promise<void> {
    const running = [...this.#running];
    for (const [abort] of running) abort.abort(new Error(why));
    await Promise.all(running.map(([, done]) => done));
  }

  /** Takes what a subagent's model call took into this session's sums, and those above. */
  async #spent(event: EventOf<'token_usage'>): Promise<void> {
    const { state, record, above } = this.#ports;
    const { vendor = 'unknown', model } = event;
    await record({
      events: [event],
      late: () => ({ spending: addSpending(state.spending, { vendor, model }, event) }),
    });
    await above?.spent(event);
  }

  async #run(
    task: Task,
    turn: TurnAbove | undefined,
    progress: ((text: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<TaskResult> {
    signal.throwIfAborted();
    const { setup, state, spawn, model } = this.#ports;
    const child = await spawn(childConfig(task, { setup, info: state.info, model: model() }), this.#aboveChild(turn));
    const { agentId } = child.state.info;
    const from = { templateId: task.templateId, task: safeStart(task.description ?? task.prompt, 200) };
    const relay = new Relay({
      above: this.#ports,
      child: { agentId, hub: child.hub, approvals: child.approvals },
      from,
      signal,
    });
    if (progress) tellProgress(child.hub, progress);
    const stop = (): void => void child.interrupt({}).catch(() => undefined); // Its turn's end is waited for.
    try {
      const accepted = await child.accept(promptOf(task));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      const { status, text, error } = await child.turns.wait(accepted, { onPause: 'wait' });
      const { usage } = totalSpending(child.state.spending);
      return {
        status: status === 'paused' ? 'interrupted' : status,
        ...(text !== undefined && { text }),
        ...(error && { error }),
        ...{ agentId, usage },
      };
    } finally {
      signal.removeEventListener('abort', stop);
      await Promise.allSettled([relay.close(), child.close()]);
    }
  }

  #aboveChild(turn: TurnAbove | undefined): Above {
    const { state, setup, above, book, rules, permission } = this.#ports;
    const agentId: AgentId = state.info.agentId;
    return {
      ...{ agentId, rules, turn, reviews: setup.reviews, account: book.account },
      policies: () => [permission(), ...(above?.policies() ?? [])],
      spent: (event) => this.#spent(event),
      subagents: oneLevelLess(setup.subagents),
    };
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#edits.then(work);
    this.#edits = result.catch(() => undefined);
    return result;
  }
}
