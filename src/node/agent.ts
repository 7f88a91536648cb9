import { Agent as CoreAgent, type ResumeOrCreateOptions } from '../core/agent/agent';
import type { AgentConfig } from '../core/agent/config';
import type { ResumeOptions } from '../core/agent/openAgent';
import { completed, type AgentDependencies } from './agentDependencies';

/** An agent on this machine: what its dependencies leave out is the machine's own. */
export class Agent extends CoreAgent {
  static override create(config: AgentConfig, dependencies: AgentDependencies): Promise<CoreAgent> {
    return super.create(config, completed(dependencies));
  }

  static override resume(
    agentId: string,
    config: Partial<AgentConfig>,
    dependencies: AgentDependencies,
    opts: ResumeOptions = {},
  ): Promise<CoreAgent> {
    return super.resume(agentId, config, completed(dependencies), opts);
  }

  static override resumeFromStore(
    agentId: string,
    dependencies: AgentDependencies,
    opts: ResumeOptions & { readonly overrides?: Partial<AgentConfig> } = {},
  ): Promise<CoreAgent> {
    return super.resumeFromStore(agentId, completed(dependencies), opts);
  }

  static override resumeOrCreate(
    agentId: string,
    config: AgentConfig,
    dependencies: AgentDependencies,
    opts: ResumeOrCreateOptions = {},
  ): Promise<CoreAgent> {
    return super.resumeOrCreate(agentId, config, completed(dependencies), opts);
  }
}
