import { CheckpointRecorder, noCheckpoints } from '../checkpoints/checkpointRecorder';
import { StoreError } from '../errors';
import type { Compaction } from '../context/compaction';
import { Delegates, type Spawn } from '../delegates/delegates';
import type { MessageWatch } from '../hooks/messageWatch';
import { ContextMeter } from '../context/contextMeter';
import { messageWatchOf } from './messageWatchOf';
import { checkMedia } from '../model/media';
import { FilePool } from '../filePool/filePool';
import { tellChanges } from '../filePool/tellChanges';
import type { ModelProvider } from '../model/provider';
import type { PermissionConfig } from '../permission/policy';
import { AgentRules, MemoryRules } from '../permission/rules';
import type { AgentEvent, Envelope } from '../protocol/events';
import { newMessageId, type PermissionId } from '../protocol/ids';
import type { ContentBlock } from '../protocol/messages';
import { isSameChoice } from '../protocol/models';
import type { Decision } from '../protocol/toolCalls';
import type { Scheduler } from '../schedule/scheduler';
import type { AgentInfo, SessionLog, StoredState } from '../store/store';
import { Approvals, type Answer } from './approvals';
import { Compactions } from './compactions';
import { unansweredCalls } from './cutOff';
import { EventHub } from './eventHub';
import { Journal, type Change } from './journal';
import { newScheduler } from './newScheduler';
import { permissionChange } from './permissionChange';
import { prepareTurn, type Setup } from './prepareTurn';
import type { Start } from './setup';
import { SpendingBook } from './spendingBook';
import { applyChange, stateFrom, type AgentState } from './state';
import { TodoList } from './todoList';
import { TodoReminders } from './todoReminders';
import { infoOf } from './failureInfo';
import { TurnRunner } from './turnRunner';
import { errorText } from '../util/errorText';

export interface CorePorts {
  readonly setup: Setup;
  readonly log: SessionLog;
  readonly stored: StoredState;
  readonly info: AgentInfo;
  readonly start: Start;
  /** The seq after which new events are numbered. */
  readonly lastSeq: number;
  /** What stands for the older part of the conversation. */
  readonly compaction?: Compaction | undefined;
  /** Makes its subagents. */
  readonly spawn: Spawn;
}

/** The working parts of one agent, connected: state, journal, listeners, questions, turns. */
export class AgentCore {
  readonly setup: Setup;
  readonly log: SessionLog;
  readonly state: AgentState;
  readonly journal: Journal;
  readonly hub: EventHub;
  readonly approvals = new Approvals();
  readonly meter: ContextMeter;
  readonly book: SpendingBook;
  readonly compactions: Compactions;
  readonly turns: TurnRunner;
  readonly delegates: Delegates;
  readonly now: () => number;
  readonly rules: AgentRules;
  readonly todos: TodoList;
  readonly todoReminders: TodoReminders;
  readonly files: FilePool;
  readonly #checkpoints: CheckpointRecorder | undefined;
  readonly #start: Start;
  #scheduler: Scheduler | undefined;
  readonly #watch: MessageWatch | undefined;
  model: ModelProvider;
  permission: PermissionConfig;
  #lastActivity: number;
  #closing: Promise<void> | undefined;

  constructor({ setup, log, stored, info, start, lastSeq, compaction, spawn }: CorePorts) {
    this.setup = setup;
    this.log = log;
    this.state = stateFrom(stored, info, log, compaction);
    this.model = start.model;
    this.permission = start.permission;
    this.now = start.now;
    this.#start = start;
    this.rules = setup.above?.rules ?? new AgentRules(new MemoryRules('session', start.now), setup.rules);
    this.#lastActivity = start.now();
    this.hub = new EventHub(
      log,
      () => this.journal.seq,
      (error, event) => this.#reportHandler(error, event),
    );
    this.journal = new Journal({
      ...{ log, lastSeq, now: start.now },
      apply: (change) => {
        applyChange(this.state, change);
        if (change.messages || change.keepMessages !== undefined) this.#watch?.changed();
      },
      publish: (envelope) => this.#publish(envelope),
    });
    this.#watch = messageWatchOf(setup.hooks, this.state, (events) => this.journal.record({ events }));
    const { above, spending } = setup;
    const record = (change: Change): Promise<void> => this.journal.record(change);
    this.book = new SpendingBook({ state: this.state, budget: setup.limits.budget, spending, above });
    this.todos = new TodoList({ state: this.state, now: start.now, record });
    this.todoReminders = new TodoReminders({ config: setup.todo, state: this.state, record });
    this.files = new FilePool({ files: setup.sandbox.files, now: start.now });
    this.delegates = new Delegates(this, spawn);
    this.meter = new ContextMeter(start.now, setup.context.maxTokens);
    this.#checkpoints = this.#recorder();
    this.turns = this.#turnRunner();
    this.compactions = new Compactions({
      ...{ setup, state: this.state, meter: this.meter, book: this.book, turns: this.turns, now: this.now },
      model: () => this.model,
      record: (change) => this.journal.record(change),
    });
  }

  /** Milliseconds since the last activity; 0 while it works or waits for a decision. */
  get idleTime(): number {
    return this.turns.current || !this.delegates.isIdle ? 0 : this.now() - this.#lastActivity;
  }

  /** @throws StoreError 'closed'. */
  checkOpen(): void {
    if (this.#closing)
      throw new StoreError('closed', `The session ${this.state.info.agentId} was closed.`, {
        advice: 'Open it again.',
      });
  }

  async accept(input: string | readonly ContentBlock[]): ReturnType<TurnRunner['accept']> {
    this.checkOpen();
    const content: readonly ContentBlock[] = typeof input === 'string' ? [{ type: 'text', text: input }] : input;
    checkMedia(content, this.model);
    return this.turns.accept({ id: newMessageId(), role: 'user', content, createdAt: this.now() });
  }

  decide(permissionId: PermissionId, decision: Decision, note?: string, opts: Pick<Answer, 'remember'> = {}): void {
    this.approvals.decide(permissionId, { decision, decidedBy: 'user', ...(note !== undefined && { note }), ...opts });
  }

  /** What the host does at times and steps. @throws StoreError 'closed'; ConfigError 'missing_dependency'. */
  schedule(): Scheduler {
    this.checkOpen();
    this.#scheduler ??= newScheduler(this, this.#start);
    return this.#scheduler;
  }

  async changeInfo(change: (info: AgentInfo) => AgentInfo): Promise<void> {
    this.checkOpen();
    await this.journal.record({ events: [], late: () => ({ info: change(this.state.info) }) });
  }

  async setModel(model: ModelProvider): Promise<void> {
    this.checkOpen();
    this.model = model;
    const { choice } = model;
    const known = this.state.info.model;
    if (!choice || (known && isSameChoice(choice, known))) return;
    const { keyName: _keyName, ...told } = choice;
    const usage = this.meter.usageIn(model);
    await this.journal.record({
      events: [
        { channel: 'monitor', type: 'model_changed', ...told },
        ...(usage ? [{ channel: 'monitor', type: 'context_usage', ...usage } as const] : []),
      ],
      late: () => ({ info: { ...this.state.info, model: choice } }),
    });
  }

  /** Holds from the call on, for what the model asks for next. */
  async setPermission(permission: PermissionConfig): Promise<void> {
    this.checkOpen();
    const before = this.permission;
    this.permission = permission;
    await this.journal.record(permissionChange(before, permission, () => this.state.info));
    await this.delegates.policiesChanged();
  }

  /** Stops what runs, and what somebody has asked for. */
  async interrupt(opts: { readonly keepQueued?: boolean }): Promise<void> {
    this.compactions.cancel();
    await Promise.all([this.delegates.stop('The agent was interrupted.'), this.turns.interrupt(opts)]);
  }

  async record(change: Change): Promise<void> {
    await this.journal.record(change);
  }

  /**
   * Lets go of sandbox and store. A turn that runs or waits is left in the history as it stands, as a crash would leave it:
   * whoever resumes the agent can go on with it, and an open question can still be answered.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Whatever fails, the rest is closed: a lease that is kept would keep everybody out.
    this.compactions.cancel();
    this.#watch?.stop();
    this.#scheduler?.clear();
    const stop = (): Promise<unknown> =>
      Promise.all([this.delegates.stop('The session was closed.'), this.turns.close()]);
    const ended: PromiseSettledResult<unknown>[] = await Promise.allSettled([this.journal.stop().finally(stop)]);
    this.hub.close();
    ended.push(...(await Promise.allSettled([this.setup.sandbox.dispose()])));
    ended.push(...(await Promise.allSettled([this.log.close()])));
    const failed = ended.find((result) => result.status === 'rejected');
    const reason: unknown = failed?.reason;
    if (failed) throw reason;
  }

  #recorder(): CheckpointRecorder | undefined {
    const { blobs, sandbox } = this.setup;
    if (!blobs) return undefined;
    return new CheckpointRecorder({
      ...{ blobs, files: sandbox.files, reader: this.log, now: this.now, seq: () => this.journal.seq },
      record: (change) => this.journal.record(change),
    });
  }

  #turnRunner(): TurnRunner {
    const { state, approvals, log } = this;
    return new TurnRunner({
      ...{ state, approvals, now: this.now },
      record: (change) => this.journal.record(change),
      lastBookmark: () => this.hub.lastBookmark,
      unanswered: async () => unansweredCalls(await state.conversation.load(), log, this.now()),
      onStoreFailure: (error) => this.#tellFailure(error),
      prepare: (turn, signal) => {
        const own = this.#checkpoints?.ofTurn(turn.message.id) ?? noCheckpoints;
        return prepareTurn(
          this.setup,
          {
            ...{ state, approvals, journal: this.journal, reader: log, rules: this.rules, turnId: turn.message.id },
            ...{ model: this.model, permission: () => this.permission, now: this.now },
            checkpoints: this.setup.above?.turn?.checkpoints ?? own,
            ...{ meter: this.meter, book: this.book, compactor: this.compactions.compactor },
            compactIfAsked: (frame, signal) => this.compactions.ifAsked(frame, signal),
            services: { todos: this.todos, files: this.files, agents: this.delegates.ofTurn(turn.message.id, own) },
            beforeStep: (signal) => this.#beforeStep(signal),
          },
          signal,
          turn.goesOn !== undefined,
        );
      },
    });
  }

  async #beforeStep(signal: AbortSignal): Promise<void> {
    const { files, state } = this;
    await tellChanges({ files, state, record: (change) => this.journal.record(change) }, signal);
    await this.todoReminders.beforeStep();
  }

  #publish(envelope: Envelope): void {
    this.#lastActivity = this.now();
    const { event } = envelope;
    this.setup.debug?.write(this.state.info.agentId, event);
    if (event.type === 'permission_required') this.#attachRespond(event);
    const handled = this.hub.publish(envelope);
    if (event.type === 'permission_required') void handled.then(() => this.turns.listened(event.permissionId));
  }

  /** Not enumerable, so that it is neither stored nor posted. */
  #attachRespond(event: Extract<AgentEvent, { readonly type: 'permission_required' }>): void {
    const respond = async (decision: Decision, opts: { readonly note?: string } = {}): Promise<void> =>
      this.decide(event.permissionId, decision, opts.note);
    Object.defineProperty(event, 'respond', { value: respond, enumerable: false });
  }

  #tellFailure(error: unknown): void {
    const event = { channel: 'monitor', type: 'storage_failure', error: infoOf(error) } as const;
    this.setup.debug?.write(this.state.info.agentId, event);
    void this.hub.tell(event);
  }

  #reportHandler(error: unknown, event: AgentEvent): void {
    if (event.type === 'error') return; // A listener of errors that fails cannot be told about itself for ever.
    const message = `A listener of ${event.type} failed: ${errorText(error)}`;
    const report: AgentEvent = { channel: 'monitor', type: 'error', severity: 'warn', phase: 'system', message };
    // A session that is closed by then has nowhere to report to.
    void this.record({ events: [report] }).catch(() => undefined);
  }
}
