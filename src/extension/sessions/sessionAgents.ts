import type { Agent } from '../../core/agent/agent';
import { AgentPool } from '../../core/agent/agentPool';
import type { AgentDependencies } from '../../core/agent/config';
import type { AgentTemplateDefinition } from '../../core/agent/template';
import type { ModelProvider } from '../../core/model/provider';
import type { ResumeStrategy } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { OpenOptions } from '../../core/store/store';
import { workspaceMetadata, type FolderUris } from './workspaceFolders';

export interface SessionAgentsPorts {
  readonly dependencies: AgentDependencies;
  readonly template: Pick<AgentTemplateDefinition, 'id' | 'permission'>;
  /** The model for a session that comes back; never fails: one that cannot be opened says why at the next turn. */
  readonly modelToResume: () => Promise<ModelProvider>;
  readonly folders: () => FolderUris;
}

/** How this window's agents are made, brought back and let go. */
export class SessionAgents {
  readonly #ports: SessionAgentsPorts;
  readonly #pool: AgentPool;

  constructor(ports: SessionAgentsPorts) {
    this.#ports = ports;
    this.#pool = new AgentPool({ dependencies: ports.dependencies, scheduler: 'lru' });
  }

  /** @throws what Agent.create throws. */
  create(sessionId: AgentId): Promise<Agent> {
    const { template, folders } = this.#ports;
    return this.#pool.create(sessionId, {
      templateId: template.id,
      exposeThinking: true,
      metadata: workspaceMetadata(folders()),
    });
  }

  /** Takes the session over from the store. Nothing that was cut off is repeated. @throws SessionHeldError, StoreError. */
  async resume(sessionId: AgentId, strategy: ResumeStrategy, opts: OpenOptions): Promise<Agent> {
    const { template, modelToResume } = this.#ports;
    // There is one template; a salvaged session may have lost its name.
    // What is stored does not say what may run unasked: a session may come from a file of somebody else.
    const overrides = { permission: template.permission ?? { mode: 'approval' } };
    const config = { templateId: template.id, exposeThinking: true, overrides, model: await modelToResume() };
    return this.#pool.resume(sessionId, config, { ...opts, strategy, autoRun: false });
  }

  /** Lets an idle agent go; its session stays in the store. False: it works or waits for a decision. */
  letGo(sessionId: AgentId): Promise<boolean> {
    return this.#pool.delete(sessionId);
  }

  /** Lets an agent go that cannot write its session any more; what runs is stopped. */
  async drop(agent: Agent): Promise<void> {
    // Neither can be stored: that is why it is dropped.
    await Promise.allSettled([agent.interrupt({ keepQueued: true })]);
    await Promise.allSettled([this.#pool.delete(agent.agentId)]);
  }

  /** Lets all agents go as they are: a turn that runs or waits is cut off. Resolves when their processes are gone. */
  async close(): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}
