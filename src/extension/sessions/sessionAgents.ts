import type { Agent } from '../../core/agent/agent';
import { AgentPool } from '../../core/agent/agentPool';
import type { AgentDependencies } from '../../core/agent/config';
import type { AgentTemplateDefinition } from '../../core/agent/template';
import type { ModelProvider } from '../../core/model/provider';
import type { PermissionConfig } from '../../core/permission/policy';
import type { ResumeStrategy } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { ModelChoice } from '../../core/protocol/models';
import type { OpenOptions } from '../../core/store/store';
import { workspaceMetadata, type FolderUris } from './workspaceFolders';

export interface SessionAgentsPorts {
  /** Their `modelFactory` opens the model of a session that comes back; it never fails: one that cannot be opened says why at the next turn. */
  readonly dependencies: AgentDependencies;
  readonly template: Pick<AgentTemplateDefinition, 'id'>;
  /** What may run unasked. What is stored does not say so: a session may come from a file of somebody else. */
  readonly permissionFor: (sessionId: AgentId, from: 'new' | 'store') => PermissionConfig;
  /** The model for a new session, without a choice the standard one. @throws where it cannot be opened: the message was not sent then. */
  readonly modelFor: (choice?: ModelChoice) => Promise<ModelProvider>;
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

  /** @throws what `modelFor` and Agent.create throw. */
  async create(sessionId: AgentId, choice?: ModelChoice): Promise<Agent> {
    const { template, folders, modelFor, permissionFor } = this.#ports;
    return this.#pool.create(sessionId, {
      templateId: template.id,
      model: await modelFor(choice),
      overrides: { permission: permissionFor(sessionId, 'new') },
      exposeThinking: true,
      metadata: workspaceMetadata(folders()),
    });
  }

  /** Takes the session over from the store. Nothing that was cut off is repeated. @throws SessionHeldError, StoreError. */
  async resume(sessionId: AgentId, strategy: ResumeStrategy, opts: OpenOptions): Promise<Agent> {
    const { template, permissionFor } = this.#ports;
    // There is one template; a salvaged session may have lost its name.
    const overrides = { permission: permissionFor(sessionId, 'store') };
    const config = { templateId: template.id, exposeThinking: true, overrides };
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
