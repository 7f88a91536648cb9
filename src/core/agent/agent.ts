import { Checkpoints } from '../checkpoints/checkpoints';
import { isAgentError, type AgentError } from '../errors';
import type { ModelProvider } from '../model/provider';
import { checkPermissionConfig, type PermissionConfig } from '../permission/policy';
import type { AgentEvent, Channel, Envelope } from '../protocol/events';
import type { AgentId, MessageId, PermissionId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import type { TodoInput, TodoItem } from '../protocol/todos';
import type { Decision, RuleView } from '../protocol/toolCalls';
import type { ModelSpending } from '../protocol/usage';
import type { Sandbox } from '../sandbox/sandbox';
import type { AgentInfo, Snapshot } from '../store/store';
import type { Tool } from '../tools/tool';
import type { AgentCore } from './agentCore';
import type { Answer, OpenApproval } from './approvals';
import type { CompactionOutcome } from './compactor';
import type { AgentConfig, AgentDependencies } from './config';
import type { EventHandler, SubscribeOptions } from './eventHub';
import { forkCore, takeSnapshot, type ForkPoint } from './fork';
import { createCore, resumeCore, type ResumeOptions } from './openAgent';
import { streamTurn } from './streamTurn';
import { withTold } from './told';
import { flat, statusOf, type AgentStatus, type FlatProgress } from './status';
import type { Subscription } from './subscription';
import type { CompleteResult, WaitOptions } from './turnQueue';

export interface ResumeOrCreateOptions extends ResumeOptions {
  /** Hears of a session that cannot be read; it goes into the trash and a new one takes its place. Default: the error is thrown. */
  readonly onCorrupted?: (agentId: string, error: AgentError) => void | Promise<void>;
}

/**
 * One agent with its history. It answers one message after the other; whoever watches does so by `subscribe` or `on`.
 * Everything but streamed text is durable before anybody sees it.
 */
export class Agent {
  readonly #core: AgentCore;
  readonly #dependencies: AgentDependencies;
  readonly #config: Partial<AgentConfig>;

  /** @throws ConfigError, PermissionError, StoreError 'exists' | 'invalid_id'; nothing is left behind then. */
  static async create(config: AgentConfig, dependencies: AgentDependencies): Promise<Agent> {
    return new Agent(await createCore(config, dependencies), dependencies, config);
  }

  /**
   * Brings an agent back. What `config` gives counts, the rest is as it was. Calls that a crash cut off are never repeated by
   * themselves: see `strategy`. @throws StoreError 'not_found' | 'damaged' | 'newer_version'; SessionHeldError; as `create`.
   */
  static async resume(
    agentId: string,
    config: Partial<AgentConfig>,
    dependencies: AgentDependencies,
    opts: ResumeOptions = {},
  ): Promise<Agent> {
    return new Agent(await resumeCore(agentId, config, dependencies, opts), dependencies, config);
  }

  /** As `resume`, with nothing but what is stored and the overrides. */
  static async resumeFromStore(
    agentId: string,
    dependencies: AgentDependencies,
    opts: ResumeOptions & { readonly overrides?: Partial<AgentConfig> } = {},
  ): Promise<Agent> {
    return Agent.resume(agentId, opts.overrides ?? {}, dependencies, opts);
  }

  /** Resumes the agent if it is in the store, else makes it. */
  static async resumeOrCreate(
    agentId: string,
    config: AgentConfig,
    dependencies: AgentDependencies,
    opts: ResumeOrCreateOptions = {},
  ): Promise<Agent> {
    try {
      return await Agent.resume(agentId, config, dependencies, opts);
    } catch (error) {
      if (!isAgentError(error) || error.family !== 'store') throw error;
      if (error.code === 'damaged' && opts.onCorrupted) {
        await opts.onCorrupted(agentId, error);
        await dependencies.store.discard(agentId as AgentId);
      } else if (error.code !== 'not_found') throw error;
    }
    return Agent.create({ ...config, agentId }, dependencies);
  }

  private constructor(core: AgentCore, dependencies: AgentDependencies, config: Partial<AgentConfig>) {
    this.#core = core;
    this.#dependencies = dependencies;
    this.#config = config;
  }

  get agentId(): AgentId {
    return this.#core.state.info.agentId;
  }

  /** Milliseconds since the last activity; 0 while it works or waits for a decision. */
  get idleTime(): number {
    return this.#core.idleTime;
  }

  /** Whether nothing runs and nothing waits for a decision. */
  get isIdle(): boolean {
    return this.#core.turns.isIdle;
  }

  get model(): ModelProvider {
    return this.#core.model;
  }

  get sandbox(): Sandbox {
    return this.#core.setup.sandbox;
  }

  get tools(): readonly Tool[] {
    return this.#core.setup.tools;
  }

  /** The model for the turns that start from now on, over restarts too where the model says what it was opened from. */
  async setModel(model: ModelProvider): Promise<void> {
    await this.#core.setModel(model);
  }

  get permission(): PermissionConfig {
    return this.#core.permission;
  }

  /** What runs unasked from the call on, in a running turn too, and over restarts. What runs or is asked already goes on. @throws PermissionError 'unknown_mode'. */
  async setPermission(permission: PermissionConfig): Promise<void> {
    await this.#core.setPermission(checkPermissionConfig(permission));
  }

  /** Gives the agent a message: its turn starts now, or after the running one. Resolves with its id once it would survive a crash. */
  async send(input: string | readonly ContentBlock[]): Promise<MessageId> {
    return (await this.#core.accept(input)).message.id;
  }

  /** Sends and waits for that turn's own answer; without input joins the running or paused turn, else gives the last result. */
  async complete(input?: string | readonly ContentBlock[], opts: WaitOptions = {}): Promise<CompleteResult> {
    const turn = input === undefined ? undefined : await this.#core.accept(input);
    return this.#core.turns.wait(turn, opts);
  }

  chat(input: string | readonly ContentBlock[], opts: WaitOptions = {}): Promise<CompleteResult> {
    return this.complete(input, opts);
  }

  /** Sends and streams that turn's progress; ends with its `done`. */
  stream(input: string | readonly ContentBlock[], opts: SubscribeOptions = {}): AsyncIterable<Envelope> {
    return streamTurn(this.#core, input, opts);
  }

  subscribe(channels?: readonly Channel[], opts?: SubscribeOptions): Subscription {
    return this.#core.hub.subscribe(channels, opts);
  }

  /**
   * Progress in a flat form, counted from this call. Opened after a `send` it ends with the `done` of the last message that was
   * accepted; on an idle agent whose turns were all seen, or with `follow`, it stays open.
   */
  subscribeProgress(opts: SubscribeOptions & { readonly follow?: boolean } = {}): AsyncIterable<FlatProgress> {
    const { hub, turns } = this.#core;
    const awaited = opts.follow === true || !hub.hasTurnToShow ? undefined : turns.lastAccepted?.message.id;
    const endsAt = awaited && ((envelope: Envelope): boolean => hub.isEndOf(awaited, envelope));
    return flat(hub.subscribe(['progress'], opts, endsAt));
  }

  on<Type extends AgentEvent['type']>(type: Type, handler: EventHandler<Type>): () => void {
    return this.#core.hub.on(type, handler);
  }

  get openApprovals(): readonly OpenApproval[] {
    return this.#core.approvals.open;
  }

  /** The messages that wait for their turn. */
  get queued(): readonly Message[] {
    return this.#core.turns.queued;
  }

  /** Answers an open question. The first answer counts. @throws PermissionError 'unknown_permission' | 'already_decided'. */
  async decide(
    permissionId: PermissionId,
    decision: Decision,
    note?: string,
    opts: Pick<Answer, 'remember'> = {},
  ): Promise<void> {
    this.#core.decide(permissionId, decision, note, opts);
  }

  /** What runs unasked because the user said so: for the workspace, then for this session. */
  get rules(): readonly RuleView[] {
    return this.#core.rules.list();
  }

  /** From now on it is asked again. @returns whether there was such a rule. */
  removeRule(id: string): boolean {
    return this.#core.rules.remove(id);
  }

  /**
   * Stops the running turn: stream, tool, process. Resolves when all is at rest. What waits in line is dropped, and said so;
   * with `keepQueued` it stays in line until the next message.
   */
  async interrupt(opts: { readonly note?: string; readonly keepQueued?: boolean } = {}): Promise<void> {
    const { turns } = this.#core;
    if (opts.note !== undefined && turns.current) await this.#core.record({ events: [lifecycle(opts.note)] });
    await this.#core.interrupt(opts);
  }

  status(): AgentStatus {
    return statusOf(this.#core);
  }

  info(): AgentInfo & { readonly messageCount: number } {
    const { info, conversation } = this.#core.state;
    return { ...info, messageCount: conversation.count };
  }

  /** Tells the model something before its next step, without starting a turn. Resolves once it would survive a crash; at most 8,000 characters. */
  async tell(text: string): Promise<void> {
    await this.#core.changeInfo((info) => withTold(info, text));
  }

  /** The name in lists; empty: called by its first message again. */
  async setTitle(title: string): Promise<void> {
    await this.#core.changeInfo(({ title: _old, ...info }) => (title.trim() === '' ? info : { ...info, title }));
  }

  async setPinned(pinned: boolean): Promise<void> {
    await this.#core.changeInfo((info) => ({ ...info, pinned }));
  }

  /** Writes the agent's info down as it is. Whatever changes it does so by itself; this is for the sake of completeness. */
  async persistInfo(): Promise<void> {
    await this.#core.changeInfo((info) => info);
  }

  getTodos(): readonly TodoItem[] {
    return this.#core.state.todos;
  }

  /** @throws ToolError 'invalid_arguments'. */
  setTodos(items: readonly TodoInput[]): Promise<readonly TodoItem[]> {
    return this.#core.setTodos(items);
  }

  /** Keeps the place where the conversation stands, before a running turn. @returns its id: the label if it is free. */
  snapshot(label?: string): Promise<string> {
    return takeSnapshot(this.#core, label);
  }

  snapshots(): Promise<readonly Snapshot[]> {
    return this.#core.log.readSnapshots();
  }

  /** A new agent with everything before that message or snapshot; this one stays as it is. @throws ConfigError 'invalid_value'. */
  async fork(point?: ForkPoint): Promise<Agent> {
    const { sandbox: _own, ...config } = this.#config;
    const core = await forkCore(this.#core, point, this.#dependencies, config);
    return new Agent(core, this.#dependencies, config);
  }

  /** Takes files, the conversation or both back to before a message, and undoes that. */
  get checkpoints(): Checkpoints {
    return new Checkpoints(this.#core);
  }

  /** Takes the conversation back to before a user message; what came after stays in the store. @throws AgentBusyError, ConfigError. */
  async rewind(messageId: MessageId): Promise<void> {
    await this.checkpoints.restore(messageId, { files: false, conversation: true });
  }

  /**
   * Sums up the older part of the conversation now: while a turn runs, before its next step. What the summary stands for stays in
   * the store. 'nothing': there is nothing yet that a summary could stand for.
   */
  compact(): Promise<CompactionOutcome> {
    this.#core.checkOpen();
    return this.#core.compactions.ask();
  }

  /** What the session has spent, by model. */
  get spending(): readonly ModelSpending[] {
    return this.#core.state.spending;
  }

  /**
   * Lets go of the agent: ends processes, subscriptions and the lease. The history stays as it is at this moment; a turn that ran
   * or waited for a decision can be gone on with by `resume`. To end a turn in order, `interrupt` first.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#core.close();
  }
}

function lifecycle(message: string): AgentEvent {
  return { channel: 'monitor', type: 'error', severity: 'info', phase: 'lifecycle', message };
}
