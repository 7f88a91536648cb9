import * as vscode from 'vscode';
import type { Agent } from '../core/agent/agent';
import { AgentPool } from '../core/agent/agentPool';
import type { AgentDependencies } from '../core/agent/config';
import { StoreError } from '../core/errors';
import type { AgentEvent, Envelope } from '../core/protocol/events';
import { newAgentId, type AgentId, type PermissionId } from '../core/protocol/ids';
import { reduce } from '../core/protocol/reduce';
import { emptySessionView, type SessionSummary, type SessionView } from '../core/protocol/view';

/** A session of this window: before its first message it has no agent, and costs nothing. */
interface Session {
  view: SessionView;
  agent: Agent | undefined;
  /** The agent while it is made: two messages sent at once get the same one. */
  making: Promise<Agent> | undefined;
}

/** The session was deleted while a message was on its way. */
export class SessionGoneError extends StoreError {
  constructor() {
    super('not_found', 'This session was deleted.', { advice: 'Start a new one and send the message there.' });
  }
}

export interface OpenQuestion {
  readonly sessionId: AgentId;
  readonly permissionId: PermissionId;
}

export interface SessionsPorts {
  readonly dependencies: AgentDependencies;
  readonly templateId: string;
  readonly reportError: (what: string, error: unknown) => void;
}

/** The sessions of this window: their agents, their views, and which one the panel shows. */
export class Sessions implements vscode.Disposable {
  readonly #ports: SessionsPorts;
  readonly #pool: AgentPool;
  readonly #sessions = new Map<AgentId, Session>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #events = new vscode.EventEmitter<{ readonly sessionId: AgentId; readonly envelope: Envelope }>();
  #activeId: AgentId;

  /** Something that the panel's frame shows has changed: the list, the active session, a state. */
  readonly onDidChange = this.#changed.event;
  readonly onEvent = this.#events.event;

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
    this.#pool = new AgentPool({ dependencies: ports.dependencies });
    this.#activeId = this.#add();
  }

  get activeId(): AgentId {
    return this.#activeId;
  }

  get active(): SessionView {
    return this.#sessions.get(this.#activeId)?.view ?? emptySessionView(this.#activeId);
  }

  get activeAgent(): Agent | undefined {
    return this.agent(this.#activeId);
  }

  view(sessionId: AgentId): SessionView | undefined {
    return this.#sessions.get(sessionId)?.view;
  }

  agent(sessionId: AgentId): Agent | undefined {
    return this.#sessions.get(sessionId)?.agent;
  }

  get agents(): readonly Agent[] {
    return [...this.#sessions.values()].flatMap((session) => session.agent ?? []);
  }

  /** Newest first; a session without messages stands in the list only while it is shown. */
  summaries(): readonly SessionSummary[] {
    return [...this.#sessions.values()]
      .filter(({ view, agent }) => agent !== undefined || view.sessionId === this.#activeId)
      .map(({ view, agent }) => ({
        sessionId: view.sessionId,
        title: view.title,
        state: view.state,
        openApprovals: agent?.openApprovals.length ?? 0,
      }))
      .reverse();
  }

  /** Every question that waits for an answer, oldest first. */
  openQuestions(): readonly OpenQuestion[] {
    return this.agents.flatMap((agent) =>
      agent.openApprovals.map(({ permissionId }) => ({ sessionId: agent.agentId, permissionId })),
    );
  }

  /** Shows a new, empty session; the one that is shown already if it is empty. */
  create(): AgentId {
    if (this.activeAgent || this.active.items.length > 0) this.#activeId = this.#add();
    this.#changed.fire();
    return this.#activeId;
  }

  select(sessionId: AgentId): void {
    if (!this.#sessions.has(sessionId)) return;
    this.#activeId = sessionId;
    this.#changed.fire();
  }

  /** Stops and forgets a session. */
  async delete(sessionId: AgentId): Promise<void> {
    this.#sessions.delete(sessionId);
    if (this.#activeId === sessionId) this.#activeId = [...this.#sessions.keys()].at(-1) ?? this.#add();
    this.#changed.fire();
    await this.#pool.destroy(sessionId);
  }

  /** Gives the session a message; its agent is made with the first one. @throws what Agent.create and send throw. */
  async send(sessionId: AgentId, text: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (!session) throw new SessionGoneError();
    session.making ??= this.#makeAgent(session);
    const agent = await session.making;
    if (this.#sessions.get(sessionId) !== session) throw new SessionGoneError();
    await agent.send(text);
  }

  /** Ends all agents; resolves when their processes are gone. */
  async close(): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }

  dispose(): void {
    this.#changed.dispose();
    this.#events.dispose();
  }

  #add(): AgentId {
    const sessionId = newAgentId();
    this.#sessions.set(sessionId, { view: emptySessionView(sessionId), agent: undefined, making: undefined });
    return sessionId;
  }

  async #makeAgent(session: Session): Promise<Agent> {
    try {
      const { templateId, reportError } = this.#ports;
      const agent = await this.#pool.create(session.view.sessionId, { templateId, exposeThinking: true });
      session.agent = agent;
      void this.#follow(session, agent).catch((error: unknown) => reportError('A session stopped reporting', error));
      return agent;
    } catch (error) {
      session.making = undefined; // A model that could not be opened may open next time.
      throw error;
    }
  }

  async #follow(session: Session, agent: Agent): Promise<void> {
    for await (const envelope of agent.subscribe(undefined, { since: { seq: 0, timestamp: 0 } })) {
      session.view = reduce(session.view, envelope);
      this.#events.fire({ sessionId: agent.agentId, envelope });
      if (frameEvents.has(envelope.event.type)) this.#changed.fire();
    }
  }
}

/** Events after which the session list, the status bar or the badge look different. */
const frameEvents: ReadonlySet<AgentEvent['type']> = new Set([
  'state_changed',
  'permission_required',
  'permission_decided',
  'user_message',
  'done',
]);
