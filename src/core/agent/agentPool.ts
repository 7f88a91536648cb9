import { AgentError, StoreError } from '../errors';
import { isAgentId, newAgentId, type AgentId } from '../protocol/ids';
import { Agent } from './agent';
import { checkDependencies, type AgentConfig, type AgentDependencies } from './config';
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
}

/** The agents of one process, by id. */
export class AgentPool {
  readonly #dependencies: AgentDependencies;
  readonly #maxAgents: number;
  readonly #agents = new Map<string, Agent>();
  readonly #creating = new Map<string, Promise<Agent>>();
  readonly #leaving = new Map<string, Promise<boolean>>();

  constructor({ dependencies, maxAgents = 50 }: AgentPoolOptions) {
    this.#dependencies = checkDependencies(dependencies);
    this.#maxAgents = maxAgents;
  }

  /**
   * Makes an agent. Two calls for one id at the same time give the same agent.
   * @throws StoreError 'exists' when there is one already; PoolFullError.
   */
  async create(id: string | undefined, config: Omit<AgentConfig, 'agentId'>): Promise<Agent> {
    const agentId = id ?? newAgentId();
    const creating = this.#creating.get(agentId);
    if (creating) return creating;
    const created = this.#create(agentId, config).finally(() => this.#creating.delete(agentId));
    this.#creating.set(agentId, created);
    return created;
  }

  async #create(agentId: string, config: Omit<AgentConfig, 'agentId'>): Promise<Agent> {
    await this.#leaving.get(agentId);
    if (this.#agents.has(agentId))
      throw new StoreError('exists', `Agent already exists: ${agentId}.`, {
        advice: 'Use get(), or choose another id.',
      });
    // This call stands in #creating already.
    if (this.#agents.size + this.#creating.size > this.#maxAgents)
      throw new PoolFullError('pool_full', `The pool is full (max ${this.#maxAgents} agents).`, {
        advice: 'Delete one that is idle, or make the pool larger.',
        retryable: true,
      });
    const agent = await Agent.create({ ...config, agentId }, this.#dependencies);
    this.#agents.set(agentId, agent);
    return agent;
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

  /** Lets an idle agent go from memory and keeps its data. False: it works or waits for a decision and was left alone, or is not here. */
  async delete(id: string): Promise<boolean> {
    const agent = this.#agents.get(id);
    if (!agent?.isIdle) return false;
    return this.#release(id, agent);
  }

  /** Stops an agent and erases its data. */
  async destroy(id: string): Promise<void> {
    await this.#settled(id);
    const agent = this.#agents.get(id);
    if (agent) await this.#release(id, agent);
    if (isAgentId(id)) await this.#dependencies.store.delete(id);
  }

  /** Stops and lets go of every agent. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#creating.keys(), ...this.#leaving.keys()].map((id) => this.#settled(id)));
    await Promise.all([...this.#agents].map(([id, agent]) => this.#release(id, agent)));
  }

  /** Waits for an agent that is on its way in or out; whoever asked for it hears of its failure. */
  async #settled(id: string): Promise<void> {
    await this.#creating.get(id)?.catch(() => undefined);
    await this.#leaving.get(id)?.catch(() => undefined);
  }

  #release(id: string, agent: Agent): Promise<boolean> {
    this.#agents.delete(id);
    const leaving = agent[Symbol.asyncDispose]()
      .then(() => true)
      .finally(() => this.#leaving.delete(id));
    this.#leaving.set(id, leaving);
    return leaving;
  }
}
