import { AgentError, isAgentError, StoreError } from '../errors';
import { isAgentId, newAgentId, type AgentId } from '../protocol/ids';
import { Agent, type ResumeOrCreateOptions } from './agent';
import { checkDependencies, type AgentConfig, type AgentDependencies } from './config';
import type { ForkPoint } from './fork';
import type { ResumeOptions } from './openAgent';
import { readRunningList, shutDown, writeRunningList, type ShutdownOptions, type ShutdownResult } from './shutdown';
import type { AgentStatus } from './status';

/** The pool holds as many agents as it may. */
export class PoolFullError extends AgentError<'pool_full'> {
  override readonly name = 'PoolFullError';
  override readonly family = 'config';
}

export interface AgentPoolOptions {
  readonly dependencies: AgentDependencies;
  /** Default 50. */
  readonly maxAgents?: number;
  /** What happens when one more is wanted: 'lru' lets the least recently used idle one go, its data stays. Default: PoolFullError. */
  readonly scheduler?: 'lru';
}

/** The configuration of an agent whose id the pool is told beside it. */
export type PoolConfig = Omit<AgentConfig, 'agentId'>;

/** What opens the pool's agents: `Agent` or a class of its kind. */
type AgentClass = Pick<typeof Agent, 'create' | 'resume' | 'resumeOrCreate'>;

/** The agents of one process, by id. */
export class AgentPool {
  readonly #dependencies: AgentDependencies;
  readonly #agentClass: AgentClass;
  readonly #maxAgents: number;
  readonly #scheduler: 'lru' | undefined;
  readonly #agents = new Map<string, Agent>();
  readonly #arriving = new Map<string, Promise<Agent>>();
  readonly #leaving = new Map<string, Promise<boolean>>();

  constructor({ dependencies, maxAgents = 50, scheduler }: AgentPoolOptions, agentClass: AgentClass = Agent) {
    this.#agentClass = agentClass;
    this.#dependencies = checkDependencies(dependencies);
    this.#maxAgents = maxAgents;
    this.#scheduler = scheduler;
  }

  /**
   * Makes an agent. Two calls for one id at the same time give the same agent.
   * @throws StoreError 'exists' when there is one already; PoolFullError.
   */
  async create(id: string | undefined, config: PoolConfig): Promise<Agent> {
    const agentId = id ?? newAgentId();
    const arriving = this.#arriving.get(agentId);
    if (arriving) return arriving;
    if (this.#agents.has(agentId))
      throw new StoreError('exists', `Agent already exists: ${agentId}.`, {
        advice: 'Use get(), or choose another id.',
      });
    return this.#arrive(agentId, () => this.#agentClass.create({ ...config, agentId }, this.#dependencies));
  }

  /** The agent from memory, else from the store. @throws StoreError 'not_found' and what `Agent.resume` throws; PoolFullError. */
  async resume(id: string, config: Partial<PoolConfig> = {}, opts: ResumeOptions = {}): Promise<Agent> {
    return this.#getOr(id, () => this.#agentClass.resume(id, config, this.#dependencies, opts));
  }

  /** The agent from memory or the store; where there is none, a new one. */
  async resumeOrCreate(id: string, config: PoolConfig, opts: ResumeOrCreateOptions = {}): Promise<Agent> {
    return this.#getOr(id, () => this.#agentClass.resumeOrCreate(id, config, this.#dependencies, opts));
  }

  /** The agent if it is in memory. */
  get(id: string): Agent | undefined {
    return this.#agents.get(id);
  }

  list(opts: { readonly prefix?: string } = {}): readonly AgentId[] {
    const prefix = opts.prefix ?? '';
    return [...this.#agents.values()].map((agent) => agent.agentId).filter((id) => id.startsWith(prefix));
  }

  status(id: string): AgentStatus | undefined {
    return this.#agents.get(id)?.status();
  }

  size(): number {
    return this.#agents.size;
  }

  /** Forks an agent of this pool; the new one is in the pool too. @throws StoreError 'not_found'; as `Agent.fork`. */
  async fork(id: string, point?: ForkPoint): Promise<Agent> {
    const agent = this.#agents.get(id);
    if (!agent)
      throw new StoreError('not_found', `Agent not found: ${JSON.stringify(id)}.`, {
        advice: 'Resume it first; only agents in memory can be forked.',
      });
    await this.#makeRoom();
    const forked = await agent.fork(point);
    this.#agents.set(forked.agentId, forked);
    return forked;
  }

  /** Lets an idle agent go from memory and keeps its data. False: it works or waits for a decision and was left alone, or is not here. */
  delete(id: string): Promise<boolean> {
    const agent = this.#agents.get(id);
    return agent?.isIdle ? this.#release(id, agent) : Promise.resolve(false);
  }

  /** Stops an agent and erases its data. */
  async destroy(id: string): Promise<void> {
    await this.#settled(id);
    const agent = this.#agents.get(id);
    if (agent) await this.#release(id, agent);
    if (isAgentId(id)) await this.#dependencies.store.delete(id);
  }

  /** Waits for the turns that run, up to the time-out, stops the rest, lets every agent go and notes which ones had not finished. */
  async gracefulShutdown(opts: ShutdownOptions = {}): Promise<ShutdownResult> {
    await Promise.all([...this.#arriving.keys()].map((id) => this.#settled(id)));
    const { result, unfinished } = await shutDown([...this.#agents.values()], opts);
    if (opts.saveRunningList ?? true) await writeRunningList(this.#dependencies.store, unfinished);
    await this[Symbol.asyncDispose]();
    return result;
  }

  /** Brings the agents back that had not finished at the last `gracefulShutdown`. Those that cannot come back are left out and told of. */
  async resumeFromShutdown(
    configFor: (agentId: AgentId) => Partial<PoolConfig> = () => ({}),
    opts: ResumeOptions & { readonly onError?: (agentId: AgentId, error: AgentError) => void } = {},
  ): Promise<readonly Agent[]> {
    const { store } = this.#dependencies;
    const resumed: Agent[] = [];
    const failed: AgentId[] = [];
    for (const agentId of await readRunningList(store)) {
      try {
        resumed.push(await this.resume(agentId, configFor(agentId), opts));
      } catch (error) {
        if (!isAgentError(error)) throw error;
        failed.push(agentId);
        opts.onError?.(agentId, error);
      }
    }
    await writeRunningList(store, failed);
    return resumed;
  }

  /** Stops and lets go of every agent. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#arriving.keys(), ...this.#leaving.keys()].map((id) => this.#settled(id)));
    await Promise.all([...this.#agents].map(([id, agent]) => this.#release(id, agent)));
  }

  async #getOr(id: string, open: () => Promise<Agent>): Promise<Agent> {
    return this.#agents.get(id) ?? this.#arriving.get(id) ?? this.#arrive(id, open);
  }

  #arrive(id: string, open: () => Promise<Agent>): Promise<Agent> {
    const arriving = this.#open(id, open).finally(() => this.#arriving.delete(id));
    this.#arriving.set(id, arriving);
    return arriving;
  }

  async #open(id: string, open: () => Promise<Agent>): Promise<Agent> {
    await this.#leaving.get(id)?.catch(() => undefined); // Whoever let it go hears of its failure.
    await this.#makeRoom();
    const agent = await open();
    this.#agents.set(id, agent);
    return agent;
  }

  /** Those that are on their way in count too, except the one that asks. */
  async #makeRoom(): Promise<void> {
    const others = Math.max(0, this.#arriving.size - 1);
    if (this.#agents.size + others < this.#maxAgents) return;
    const oldest = this.#scheduler === 'lru' ? this.#leastRecentlyUsed() : undefined;
    if (!oldest)
      throw new PoolFullError('pool_full', `The pool is full (max ${this.#maxAgents} agents).`, {
        advice: 'Delete one that is idle, or make the pool larger.',
        retryable: true,
      });
    await this.#release(oldest.agentId, oldest);
  }

  #leastRecentlyUsed(): Agent | undefined {
    const idle = [...this.#agents.values()].filter((agent) => agent.isIdle);
    return idle.reduce<Agent | undefined>(
      (oldest, agent) => (oldest && oldest.idleTime >= agent.idleTime ? oldest : agent),
      undefined,
    );
  }

  /** Waits for an agent that is on its way in or out; whoever asked for it hears of its failure. */
  async #settled(id: string): Promise<void> {
    await this.#arriving.get(id)?.catch(() => undefined);
    await this.#leaving.get(id)?.catch(() => undefined);
  }

  #release(id: string, agent: Agent): Promise<boolean> {
    this.#agents.delete(id);
    const leaving = agent[Symbol.asyncDispose]()
      .then(() => true)
      .finally(() => this.#leaving.delete(id));
    this.#leaving.set(id, leaving);
    leaving.catch(() => undefined); // The promise is safe to drop.
    return leaving;
  }
}
