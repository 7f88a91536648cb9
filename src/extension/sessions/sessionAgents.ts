import type { Agent } from '../../core/agent/agent';
import { AgentPool } from '../../core/agent/agentPool';
import type { AgentDependencies } from '../../core/agent/config';
import { StoreError } from '../../core/errors';
import type { ModelProvider } from '../../core/model/provider';
import type { ResumeStrategy } from '../../core/protocol/events';
import type { AgentId, MessageId } from '../../core/protocol/ids';
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

  /** Takes the session over from the store. @throws SessionHeldError, StoreError. */
  async resume(sessionId: AgentId, _strategy: ResumeStrategy, _opts: OpenOptions): Promise<Agent> {
    throw new StoreError('not_supported', `The session ${sessionId} cannot be resumed yet.`);
  }

  /** A new session with everything before this message, in the store. */
  async fork(agent: Agent, messageId: MessageId): Promise<AgentId> {
    throw new StoreError('not_supported', `${agent.agentId} cannot be forked at ${messageId} yet.`);
  }

  /** Takes an agent of this window back to before this message. */
  async rewind(agent: Agent, messageId: MessageId): Promise<void> {
    throw new StoreError('not_supported', `${agent.agentId} cannot go back to ${messageId} yet.`);
  }

  async setTitle(agent: Agent, title: string): Promise<void> {
    throw new StoreError('not_supported', `${agent.agentId} cannot be called ${title} yet.`);
  }

  async setPinned(agent: Agent, _pinned: boolean): Promise<void> {
    throw new StoreError('not_supported', `${agent.agentId} cannot be pinned yet.`);
  }

  /** Lets an idle agent go; its session stays in the store. False: it works or waits for a decision. */
  letGo(sessionId: AgentId): Promise<boolean> {
    return this.#pool.delete(sessionId);
  }

  /** Ends all agents; resolves when their processes are gone. */
  async close(): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}
