import type { Agent as CoreAgent } from '../core/agent/agent';
import { AgentPool as CorePool, type AgentPoolOptions as CoreOptions, type PoolConfig } from '../core/agent/agentPool';
import { Agent } from './agent';
import { completed, withBuiltins, type AgentDependencies } from './agentDependencies';

/**
 * Everything that agents work with in `dependencies`, or a store and what else should differ from what is built in. `scheduler` is the
 * pool's own here; what `agent.schedule()` gives can differ only in `dependencies`.
 */
export type AgentPoolOptions = Omit<CoreOptions, 'dependencies'> &
  (
    | { readonly dependencies: AgentDependencies }
    | ({ readonly dependencies?: undefined } & Pick<AgentDependencies, 'store'> &
        Partial<Omit<AgentDependencies, 'scheduler'>>)
  );

/** The agents of one process, by id. */
export class AgentPool extends CorePool {
  /** @throws ConfigError 'missing_dependency', naming what is missing. */
  constructor(options: AgentPoolOptions) {
    const { maxAgents, scheduler, dependencies, ...given } = options;
    super(
      {
        dependencies: completed(dependencies ?? withBuiltins(given as AgentDependencies)),
        ...(maxAgents !== undefined && { maxAgents }),
        ...(scheduler && { scheduler }),
      },
      Agent,
    );
  }

  /**
   * Makes an agent, or goes on with the one that the store has under this id, so that `pool.get(id) ?? await pool.create(id, config)`
   * works again when the process is started again. Two calls for one id at the same time give the same agent.
   * @throws StoreError 'exists' when this pool has the agent in memory: use `get`; PoolFullError; what `Agent.resumeOrCreate` throws.
   */
  override create(id: string | undefined, config: PoolConfig): Promise<CoreAgent> {
    return id === undefined || this.get(id) ? super.create(id, config) : super.resumeOrCreate(id, config);
  }
}
