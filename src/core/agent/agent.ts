import { StoreError } from '../errors';
import type { ModelProvider } from '../model/provider';
import { checkPermissionConfig, type PermissionConfig } from '../permission/policy';
import { SessionRules } from '../permission/rules';
import type { AgentEvent, Channel, Envelope } from '../protocol/events';
import { newMessageId, type AgentId, type MessageId, type PermissionId } from '../protocol/ids';
import type { ContentBlock } from '../protocol/messages';
import type { TodoInput, TodoItem } from '../protocol/todos';
import type { Decision } from '../protocol/toolCalls';
import type { Sandbox } from '../sandbox/sandbox';
import type { AgentInfo, SessionLog } from '../store/store';
import type { Tool } from '../tools/tool';
import { Approvals, type Answer, type OpenApproval } from './approvals';
import { checkDependencies, type AgentConfig, type AgentDependencies } from './config';
import { EventHub, type EventHandler, type SubscribeOptions } from './eventHub';
import { Journal } from './journal';
import { prepareTurn, type Setup } from './prepareTurn';
import { makeSetup, type Start } from './setup';
import { applyChange, stateFrom, type AgentState } from './state';
import { flat, type AgentStatus, type FlatProgress } from './status';
import type { Subscription } from './subscription';
import { nextTodos } from './todos';
import type { CompleteResult } from './turnQueue';
import { TurnRunner, type WaitOptions } from './turnRunner';

/**
 * One agent with its history. It answers one message after the other; whoever watches does so by `subscribe` or `on`.
 * Everything but streamed text is durable before anybody sees it.
 */
export class Agent {
  readonly #setup: Setup;
  readonly #log: SessionLog;
  readonly #state: AgentState;
  readonly #journal: Journal;
  readonly #hub: EventHub;
  readonly #approvals = new Approvals();
  readonly #rules = new SessionRules();
  readonly #turns: TurnRunner;
  readonly #now: () => number;
  #model: ModelProvider;
  #permission: PermissionConfig;
  #lastActivity: number;
  #closing: Promise<void> | undefined;

  /** @throws ConfigError, PermissionError, StoreError 'exists' | 'invalid_id'; nothing is left behind then. */
  static async create(config: AgentConfig, dependencies: AgentDependencies): Promise<Agent> {
    const deps = checkDependencies(dependencies);
    const made = await makeSetup(config, deps);
    const { agentId } = made.info;
    const log = await deps.store.open(agentId, 'create');
    try {
      const sandbox = config.sandbox ?? (await deps.sandboxFactory());
      const agent = new Agent({ ...made.setup, sandbox }, log, stateFrom(await log.load(), made.info), made.start);
      await agent.#journal.record({ events: [], info: made.info });
      return agent;
    } catch (error) {
      await log.close();
      await deps.store.delete(agentId);
      throw error;
    }
  }

  private constructor(setup: Setup, log: SessionLog, state: AgentState, start: Start) {
    this.#setup = setup;
    this.#log = log;
    this.#state = state;
    this.#model = start.model;
    this.#permission = start.permission;
    this.#now = start.now;
    this.#lastActivity = start.now();
    this.#hub = new EventHub(
      log,
      () => this.#journal.seq,
      (error, event) => this.#reportHandler(error, event),
    );
    this.#journal = new Journal({
      log,
      lastSeq: 0,
      now: start.now,
      apply: (change) => applyChange(state, change),
      publish: (envelope) => this.#publish(envelope),
    });
    this.#turns = this.#turnRunner();
  }

  get agentId(): AgentId {
    return this.#state.info.agentId;
  }

  /** Milliseconds since the last activity; 0 while it works or waits for a decision. */
  get idleTime(): number {
    return this.#turns.current ? 0 : this.#now() - this.#lastActivity;
  }

  /** Whether nothing runs and nothing waits in line. */
  get isIdle(): boolean {
    return this.#turns.isIdle;
  }

  get model(): ModelProvider {
    return this.#model;
  }

  get sandbox(): Sandbox {
    return this.#setup.sandbox;
  }

  get tools(): readonly Tool[] {
    return this.#setup.tools;
  }

  /** The model for the turns that start from now on. */
  setModel(model: ModelProvider): void {
    this.#model = model;
  }

  get permission(): PermissionConfig {
    return this.#permission;
  }

  /** The permissions for the turns that start from now on. @throws PermissionError 'unknown_mode'. */
  setPermission(permission: PermissionConfig): void {
    this.#permission = checkPermissionConfig(permission);
  }

  /** Gives the agent a message: its turn starts now, or after the running one. Resolves with its id once it would survive a crash. */
  async send(input: string | readonly ContentBlock[]): Promise<MessageId> {
    return (await this.#accept(input)).message.id;
  }

  /** Sends and waits for that turn's own answer; without input joins the running or paused turn, else gives the last result. */
  async complete(input?: string | readonly ContentBlock[], opts: WaitOptions = {}): Promise<CompleteResult> {
    const turn = input === undefined ? undefined : await this.#accept(input);
    return this.#turns.wait(turn, opts);
  }

  chat(input: string | readonly ContentBlock[], opts: WaitOptions = {}): Promise<CompleteResult> {
    return this.complete(input, opts);
  }

  /** Sends and streams that turn's progress; ends with its `done`. */
  async *stream(input: string | readonly ContentBlock[], opts: SubscribeOptions = {}): AsyncIterable<Envelope> {
    const { message } = await this.#accept(input);
    let own = false;
    for await (const envelope of this.#hub.subscribe(['progress'], opts)) {
      const { event } = envelope;
      if (event.type === 'user_message') own = event.message.id === message.id;
      if (!own) continue;
      yield envelope;
      if (event.type === 'done') return;
    }
  }

  subscribe(channels?: readonly Channel[], opts?: SubscribeOptions): Subscription {
    return this.#hub.subscribe(channels, opts);
  }

  /**
   * Progress in a flat form, counted from this call. Opened after a `send` it ends with the `done` of the last message that was
   * accepted; on an idle agent whose turns were all seen, or with `follow`, it stays open.
   */
  subscribeProgress(opts: SubscribeOptions & { readonly follow?: boolean } = {}): AsyncIterable<FlatProgress> {
    const awaited = opts.follow === true || !this.#hub.hasTurnToShow ? undefined : this.#turns.lastAccepted?.message.id;
    const endsAt = awaited && ((envelope: Envelope): boolean => this.#hub.isDoneOf(awaited, envelope));
    return flat(this.#hub.subscribe(['progress'], opts, endsAt));
  }

  on<Type extends AgentEvent['type']>(type: Type, handler: EventHandler<Type>): () => void {
    return this.#hub.on(type, handler);
  }

  get openApprovals(): readonly OpenApproval[] {
    return this.#approvals.open;
  }

  /** Answers an open question. The first answer counts. @throws PermissionError 'unknown_permission' | 'already_decided'. */
  async decide(
    permissionId: PermissionId,
    decision: Decision,
    note?: string,
    opts: Pick<Answer, 'remember'> = {},
  ): Promise<void> {
    this.#approvals.decide(permissionId, { decision, decidedBy: 'user', ...(note !== undefined && { note }), ...opts });
  }

  /** Stops the running turn: stream, tool, process. Resolves when all is at rest. An idle agent is left as it is. */
  async interrupt(opts: { readonly note?: string } = {}): Promise<void> {
    if (opts.note !== undefined && this.#turns.current) await this.#record([lifecycle(opts.note)]);
    await this.#turns.interrupt();
  }

  status(): AgentStatus {
    const { runtime, stepCount, breakpoint } = this.#state;
    const lastBookmark = this.#hub.lastBookmark;
    return {
      agentId: this.agentId,
      state: runtime,
      stepCount,
      cursor: this.#journal.seq,
      breakpoint,
      ...(lastBookmark && { lastBookmark }),
    };
  }

  info(): AgentInfo & { readonly messageCount: number } {
    return { ...this.#state.info, messageCount: this.#state.messages.length };
  }

  getTodos(): readonly TodoItem[] {
    return this.#state.todos;
  }

  /** @throws ToolError 'invalid_arguments'. */
  async setTodos(items: readonly TodoInput[]): Promise<readonly TodoItem[]> {
    const previous = this.#state.todos;
    const current = nextTodos(previous, items, this.#now());
    await this.#journal.record({
      todos: current,
      events: [{ channel: 'monitor', type: 'todo_changed', current, previous }],
    });
    return current;
  }

  /** Stops what runs, ends the subscriptions and lets go of sandbox and store. The history stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turns.close();
    this.#hub.close();
    await this.#setup.sandbox.dispose();
    await this.#log.close();
  }

  async #accept(input: string | readonly ContentBlock[]): ReturnType<TurnRunner['accept']> {
    if (this.#closing)
      throw new StoreError('closed', `The session ${this.agentId} was closed.`, { advice: 'Open it again.' });
    const content: readonly ContentBlock[] = typeof input === 'string' ? [{ type: 'text', text: input }] : input;
    return this.#turns.accept({ id: newMessageId(), role: 'user', content, createdAt: this.#now() });
  }

  #turnRunner(): TurnRunner {
    return new TurnRunner({
      state: this.#state,
      approvals: this.#approvals,
      record: (change) => this.#journal.record(change),
      lastBookmark: () => this.#hub.lastBookmark,
      prepare: (signal) =>
        prepareTurn(
          this.#setup,
          {
            state: this.#state,
            journal: this.#journal,
            approvals: this.#approvals,
            rules: this.#rules,
            model: this.#model,
            permission: this.#permission,
            now: this.#now,
            todos: { list: () => this.getTodos(), replace: (items) => this.setTodos(items) },
          },
          signal,
        ),
    });
  }

  #publish(envelope: Envelope): void {
    this.#lastActivity = this.#now();
    const { event } = envelope;
    if (event.type === 'permission_required') this.#attachRespond(event);
    const handled = this.#hub.publish(envelope);
    if (event.type === 'permission_required') void handled.then(() => this.#turns.listened(event.permissionId));
  }

  /** Not enumerable, so that it is neither stored nor posted. */
  #attachRespond(event: Extract<AgentEvent, { readonly type: 'permission_required' }>): void {
    const respond = (decision: Decision, opts: { readonly note?: string } = {}): Promise<void> =>
      this.decide(event.permissionId, decision, opts.note);
    Object.defineProperty(event, 'respond', { value: respond, enumerable: false });
  }

  #reportHandler(error: unknown, event: AgentEvent): void {
    if (event.type === 'error') return; // A listener of errors that fails cannot be told about itself for ever.
    const message = `A listener of ${event.type} failed: ${error instanceof Error ? error.message : String(error)}`;
    const report: AgentEvent = { channel: 'monitor', type: 'error', severity: 'warn', phase: 'system', message };
    // A session that is closed by then has nowhere to report to.
    void this.#record([report]).catch(() => undefined);
  }

  async #record(events: readonly AgentEvent[]): Promise<void> {
    await this.#journal.record({ events });
  }
}

function lifecycle(message: string): AgentEvent {
  return { channel: 'monitor', type: 'error', severity: 'info', phase: 'lifecycle', message };
}
