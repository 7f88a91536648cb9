import { Checkpoints } from '../checkpoints/checkpoints';
import type { Task, TaskResult } from '../delegates/task';
import { isAgentError, type AgentError } from '../errors';
import type { ModelProvider } from '../model/provider';
import { checkPermissionConfig, type PermissionConfig } from '../permission/policy';
import type { AgentEvent, Envelope } from '../protocol/events';
import type { AgentId, MessageId, PermissionId } from '../protocol/ids';
import type { ContentBlock } from '../protocol/messages';
import type { TodoInput, TodoItem } from '../protocol/todos';
import type { Decision } from '../protocol/toolCalls';
import { isSandbox } from '../sandbox/sandboxConfig';
import type { Scheduler } from '../schedule/scheduler';
import type { AgentCore } from './agentCore';
import type { Answer } from './approvals';
import type { CompactionOutcome } from './compactor';
import type { AgentConfig, AgentDependencies } from './config';
import type { SubscribeOptions } from './eventHub';
import { forkCore, takeSnapshot, type ForkPoint } from './fork';
import { createCore, resumeCore, type ResumeOptions } from './openAgent';
import { ReadableAgent } from './readableAgent';
import { remind, type ReminderOptions } from './reminders';
import { streamTurn } from './streamTurn';
import type { TodoUpdate } from './todoList';
import { withTold } from './told';
import type { CompleteResult, WaitOptions } from './turnQueue';

/** What is sent, and how. */
export interface SendOptions {
  /** Default 'user'. */
  readonly kind?: 'user' | 'reminder';
  /** For a reminder. */
  readonly reminder?: ReminderOptions;
}

/** How `Agent.resumeOrCreate` brings an agent back. */
export interface ResumeOrCreateOptions extends ResumeOptions {
  /** Hears of a session that cannot be read; it goes into the trash and a new one takes its place. Default: the error is thrown. */
  readonly onCorrupted?: (agentId: string, error: AgentError) => void | Promise<void>;
}

/**
 * One agent with its history. It answers one message after the other; whoever watches does so by `subscribe` or `on`.
 * Everything but streamed text is durable before anybody sees it.
 */
export class Agent extends ReadableAgent {
  readonly #dependencies: AgentDependencies;
  readonly #config: Partial<AgentConfig>;

  /** @throws ConfigError, PermissionError, StoreError 'exists' | 'invalid_id'; nothing is left behind then. */
  static async create(config: AgentConfig, dependencies: AgentDependencies): Promise<Agent> {
    return new this(await createCore(config, dependencies), dependencies, config);
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
    return new this(await resumeCore(agentId, config, dependencies, opts), dependencies, config);
  }

  /** As `resume`, with nothing but what is stored and the overrides. */
  static async resumeFromStore(
    agentId: string,
    dependencies: AgentDependencies,
    opts: ResumeOptions & { readonly overrides?: Partial<AgentConfig> } = {},
  ): Promise<Agent> {
    return this.resume(agentId, opts.overrides ?? {}, dependencies, opts);
  }

  /** Resumes the agent if it is in the store, else makes it. */
  static async resumeOrCreate(
    agentId: string,
    config: AgentConfig,
    dependencies: AgentDependencies,
    opts: ResumeOrCreateOptions = {},
  ): Promise<Agent> {
    try {
      return await this.resume(agentId, config, dependencies, opts);
    } catch (error) {
      if (!isAgentError(error) || error.family !== 'store') throw error;
      if (error.code === 'damaged' && opts.onCorrupted) {
        await opts.onCorrupted(agentId, error);
        await dependencies.store.discard(agentId as AgentId);
      } else if (error.code !== 'not_found') throw error;
    }
    return this.create({ ...config, agentId }, dependencies);
  }

  protected constructor(core: AgentCore, dependencies: AgentDependencies, config: Partial<AgentConfig>) {
    super(core);
    this.#dependencies = dependencies;
    this.#config = config;
  }

  /** The model for the turns that start from now on, over restarts too where the model says what it was opened from. */
  async setModel(model: ModelProvider): Promise<void> {
    await this.core.setModel(model);
  }

  /** What runs unasked from the call on, in a running turn too, and over restarts. What runs or is asked already goes on. @throws PermissionError 'unknown_mode'. */
  async setPermission(permission: PermissionConfig): Promise<void> {
    await this.core.setPermission(checkPermissionConfig(permission, this.core.setup.modes));
  }

  /**
   * Gives the agent a message: its turn starts now, or after the running one. As a reminder it starts none: see `remind`. Resolves
   * with its id once it would survive a crash. @throws ConfigError 'invalid_value' for a reminder that is no text.
   */
  async send(input: string | readonly ContentBlock[], opts: SendOptions = {}): Promise<MessageId> {
    if (opts.kind === 'reminder') return remind(this.core, input, opts.reminder);
    return (await this.core.accept(input)).message.id;
  }

  /** Sends and waits for that turn's own answer; without input joins the running or paused turn, else gives the last result. */
  async complete(input?: string | readonly ContentBlock[], opts: WaitOptions = {}): Promise<CompleteResult> {
    const turn = input === undefined ? undefined : await this.core.accept(input);
    return this.core.turns.wait(turn, opts);
  }

  chat(input: string | readonly ContentBlock[], opts: WaitOptions = {}): Promise<CompleteResult> {
    return this.complete(input, opts);
  }

  /** Sends and streams that turn's progress; ends with its `done`. */
  stream(input: string | readonly ContentBlock[], opts: SubscribeOptions = {}): AsyncIterable<Envelope> {
    return streamTurn(this.core, input, opts);
  }

  /** Answers an open question: its id may come from a request. The first answer counts. @throws PermissionError 'unknown_permission' | 'already_decided'. */
  async decide(
    permissionId: string,
    decision: Decision,
    note?: string,
    opts: Pick<Answer, 'remember'> = {},
  ): Promise<void> {
    this.core.decide(permissionId as PermissionId, decision, note, opts);
  }

  /** From now on it is asked again. @returns whether there was such a rule. */
  removeRule(id: string): boolean {
    return this.core.rules.remove(id);
  }

  /**
   * Stops the running turn: stream, tool, process. Resolves when all is at rest. What waits in line is dropped, and said so;
   * with `keepQueued` it stays in line until the next message.
   */
  async interrupt(opts: { readonly note?: string; readonly keepQueued?: boolean } = {}): Promise<void> {
    const { turns } = this.core;
    if (opts.note !== undefined && turns.current) await this.core.record({ events: [lifecycle(opts.note)] });
    await this.core.interrupt(opts);
  }

  /**
   * What the user made of the agent's work, for the model to read before its next step, without starting a turn. Resolves once it
   * would survive a crash; at most 8,000 characters.
   * @param about the files it tells of, as paths for people: that they have changed is not told once more
   */
  async tell(text: string, about: readonly string[] = []): Promise<void> {
    await this.core.changeInfo((info) => withTold(info, text));
    this.core.files.heardOf(about);
  }

  /**
   * Something for the model to mind, read before its next step, without starting a turn: a `<system-reminder>`. Resolves once it would
   * survive a crash; at most 8,000 characters, and 50 that wait. @throws ConfigError 'invalid_value'; StoreError.
   */
  async remind(content: string, opts: ReminderOptions = {}): Promise<void> {
    await remind(this.core, content, opts);
  }

  /** The name in lists; empty: called by its first message again. */
  async setTitle(title: string): Promise<void> {
    await this.core.changeInfo(({ title: _old, ...info }) => (title.trim() === '' ? info : { ...info, title }));
  }

  async setPinned(pinned: boolean): Promise<void> {
    await this.core.changeInfo((info) => ({ ...info, pinned }));
  }

  /** Writes the agent's info down as it is. Whatever changes it does so by itself; this is for the sake of completeness. */
  async persistInfo(): Promise<void> {
    await this.core.changeInfo((info) => info);
  }

  /** The whole list anew. @throws ToolError 'invalid_arguments' on a second item in progress, a double id or an empty title. */
  setTodos(items: readonly TodoInput[]): Promise<readonly TodoItem[]> {
    return this.core.todos.replace(items);
  }

  /** Changes the todo of this id in what is given; without an id, adds one. @throws ToolError 'not_found'; as `setTodos`. */
  updateTodo(input: TodoUpdate): Promise<readonly TodoItem[]> {
    return this.core.todos.update(input);
  }

  /** @throws ToolError 'not_found' for an id that no todo has. */
  deleteTodo(id: string): Promise<readonly TodoItem[]> {
    return this.core.todos.remove(id);
  }

  /** What is done every so many steps, at times or by a cron line; it ends with the agent. @throws StoreError 'closed'; ConfigError 'missing_dependency'. */
  schedule(): Scheduler {
    return this.core.schedule();
  }

  /**
   * Gives a task to a subagent of any registered template and waits for its answer. It works in this agent's sandbox and on its
   * budget; its calls are judged by its own policy and by this agent's, the stricter counts, and what has to be asked is asked of this
   * agent's user. `interrupt` and the signal stop it. @throws ConfigError, PermissionError, StoreError.
   */
  async delegateTask(task: Task, opts: { readonly signal?: AbortSignal } = {}): Promise<TaskResult> {
    this.core.checkOpen();
    return this.core.delegates.run(task, { signal: opts.signal });
  }

  /** Keeps the place where the conversation stands, before a running turn. @returns its id: the label if it is free. */
  snapshot(label?: string): Promise<string> {
    return takeSnapshot(this.core, label);
  }

  /** A new agent of the same class with everything before that message or snapshot; this one stays as it is. @throws ConfigError 'invalid_value'. */
  async fork(point?: ForkPoint): Promise<Agent> {
    const { sandbox, ...rest } = this.#config;
    const config = isSandbox(sandbox) ? rest : this.#config;
    const core = await forkCore(this.core, point, this.#dependencies, config);
    return new (this.constructor as typeof Agent)(core, this.#dependencies, config);
  }

  /** Takes files, the conversation or both back to before a message, and undoes that. */
  get checkpoints(): Checkpoints {
    return new Checkpoints(this.core);
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
    this.core.checkOpen();
    return this.core.compactions.ask();
  }

  /**
   * Lets go of the agent: ends processes, subscriptions and the lease. The history stays as it is at this moment; a turn that ran
   * or waited for a decision can be gone on with by `resume`. To end a turn in order, `interrupt` first.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.close();
  }
}

function lifecycle(message: string): AgentEvent {
  return { channel: 'monitor', type: 'error', severity: 'info', phase: 'lifecycle', message };
}
