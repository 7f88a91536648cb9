import type { AgentConfig } from '../agent/config';
import type { EventHub } from '../agent/eventHub';
import type { Setup } from '../agent/prepareTurn';
import type { Change } from '../agent/journal';
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
import { boundConfig, sandboxBelow } from './bound';
import { childConfig, promptOf } from './childConfig';
import { tellProgress } from './progressLines';
import { Relay } from './relay';
import { oneLevelLess } from './subagents';
import type { Task, TaskResult, TaskService } from './task';
import { Turns } from '../util/turns';

/** The working parts of a subagent, as far as its agent uses them. */
export interface ChildCore {
  readonly state: AgentState;
  readonly hub: EventHub;
  readonly approvals: Approvals;
  readonly turns: Pick<TurnRunner, 'wait'>;
  accept(input: string): ReturnType<TurnRunner['accept']>;
  interrupt(opts: { readonly keepQueued?: boolean }): Promise<void>;
  readonly delegates: Pick<Delegates, 'policiesChanged'>;
  record(change: Change): Promise<void>;
  close(): Promise<void>;
}

/** Makes a subagent. Given from outside: whoever opens agents knows their parts, not the other way round. */
export type Spawn = (config: AgentConfig, above: Above) => Promise<ChildCore>;

/** The agent that delegates, as it is at any moment. */
export interface DelegatingCore {
  readonly state: AgentState;
  readonly setup: Setup;
  readonly approvals: Approvals;
  readonly book: SpendingBook;
  readonly rules: AgentRules;
  readonly turns: Pick<TurnRunner, 'current'>;
  readonly model: ModelProvider;
  readonly permission: PermissionConfig;
  record(change: Change): Promise<void>;
}

/** The subagents of one agent, while they work. Each has a session of its own; sandbox, rules, reviews and budget are shared. */
export class Delegates {
  readonly #core: DelegatingCore;
  readonly #spawn: Spawn;
  readonly #running = new Map<AbortController, Promise<unknown>>();
  readonly #children = new Map<ChildCore, Above>();
  /** Edits of subagents that work beside each other are kept and applied one after the other. */
  readonly #edits = new Turns();

  constructor(core: DelegatingCore, spawn: Spawn) {
    this.#core = core;
    this.#spawn = spawn;
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** For the tools of one turn. */
  ofTurn(turnId: MessageId, checkpoints: EditCheckpoints): TaskService {
    const { setup, state } = this.#core;
    const own = (): TurnAbove => ({
      ...{ agentId: state.info.agentId, turnId },
      checkpoints: {
        around: (changes, signal, edit) => this.#edits.take(() => checkpoints.around(changes, signal, edit)),
      },
    });
    const turn = setup.above ? setup.above.turn : own();
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

  /** Keeps the policies with the sessions of those that work as they are now: one may be brought back by itself. */
  async policiesChanged(): Promise<void> {
    const keep = async (child: ChildCore, above: Above): Promise<void> => {
      const { state } = child;
      await child.record({
        events: [],
        late: () => ({ info: { ...state.info, config: boundConfig(state.info.config ?? {}, above) } }),
      });
      await child.delegates.policiesChanged();
    };
    // One that has ended meanwhile keeps what it had.
    await Promise.allSettled([...this.#children].map(([child, above]) => keep(child, above)));
  }

  /** Takes what a subagent's model call took into this session's sums, and those above. */
  async #spent(event: EventOf<'token_usage'>): Promise<void> {
    const { state, setup } = this.#core;
    const { vendor = 'unknown', model } = event;
    await this.#core.record({
      events: [event],
      late: () => ({ spending: addSpending(state.spending, { vendor, model }, event) }),
    });
    await setup.above?.spent(event);
  }

  async #run(
    task: Task,
    turn: TurnAbove | undefined,
    progress: ((text: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<TaskResult> {
    signal.throwIfAborted();
    const { setup, state, model } = this.#core;
    const above = this.#aboveChild(turn);
    const child = await this.#spawn(childConfig(task, { setup, info: state.info, model }), above);
    this.#children.set(child, above);
    const { agentId } = child.state.info;
    const from = { templateId: task.templateId, task: safeStart(task.description ?? task.prompt, 200) };
    const relay = new Relay({
      above: this.#core,
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
      this.#children.delete(child);
      signal.removeEventListener('abort', stop);
      await Promise.allSettled([relay.close(), child.close()]);
    }
  }

  #aboveChild(turn: TurnAbove | undefined): Above {
    const { state, setup, book, rules } = this.#core;
    const agentId: AgentId = state.info.agentId;
    return {
      ...{
        agentId,
        rules,
        turn,
        reviews: setup.reviews,
        account: book.account,
        hooks: setup.hooks?.forSubagents ?? [],
      },
      policies: () => [this.#core.permission, ...((setup.above ?? setup.bound)?.policies() ?? [])],
      spent: (event) => this.#spent(event),
      subagents: oneLevelLess(setup.subagents),
      sandbox: sandboxBelow(state.info.config, setup.template.sandbox),
    };
  }
}
