import { Agent } from '../../core/agent/agent';
import { AgentPool } from '../../core/agent/agentPool';
import type { AgentDependencies } from '../../core/agent/config';
import type { ModelProvider } from '../../core/model/provider';
import type { ResumeStrategy } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { OpenOptions } from '../../core/store/store';
import { workspaceMetadata, type FolderUris } from './workspaceFolders';

export interface SessionAgentsPorts {
  readonly dependencies: AgentDependencies;
  readonly templateId: string;
  /** The model for a session that comes back; never fails: one that cannot be opened says why at the next turn. */
  readonly modelToResume: () => Promise<ModelProvider>;
  readonly folders: () => FolderUris;
}

/** How this window's agents are made, brought back and let go. */
export class SessionAgents {
  readonly #ports: SessionAgentsPorts;
  readonly #pool: AgentPool;
  readonly #resumed = new Map<AgentId, Agent>();

  constructor(ports: SessionAgentsPorts) {
    this.#ports = ports;
    this.#pool = new AgentPool({ dependencies: ports.dependencies });
  }

  /** @throws what Agent.create throws. */
  create(sessionId: AgentId): Promise<Agent> {
    const { templateId, folders } = this.#ports;
    return this.#pool.create(sessionId, {
      templateId,
      exposeThinking: true,
      metadata: workspaceMetadata(folders()),
    });
  }

  /** Takes the session over from the store. Nothing that was cut off is repeated. @throws SessionHeldError, StoreError. */
  async resume(sessionId: AgentId, strategy: ResumeStrategy, opts: OpenOptions): Promise<Agent> {
    const { dependencies, modelToResume } = this.#ports;
    const config = { exposeThinking: true, model: await modelToResume() };
    const agent = await Agent.resume(sessionId, config, dependencies, { ...opts, strategy, autoRun: false });
    this.#resumed.set(sessionId, agent);
    return agent;
  }

  /** Lets an idle agent go; its session stays in the store. False: it works or waits for a decision. */
  async letGo(sessionId: AgentId): Promise<boolean> {
    const agent = this.#resumed.get(sessionId);
    if (!agent) return this.#pool.delete(sessionId);
    if (!agent.isIdle) return false;
    this.#resumed.delete(sessionId);
    await agent[Symbol.asyncDispose]();
    return true;
  }

  /** Lets all agents go as they are: a turn that runs or waits is cut off. Resolves when their processes are gone. */
  async close(): Promise<void> {
    await Promise.all([
      this.#pool[Symbol.asyncDispose](),
      ...[...this.#resumed.values()].map((agent) => agent[Symbol.asyncDispose]()),
    ]);
  }
}
