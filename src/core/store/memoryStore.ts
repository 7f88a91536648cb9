import { StoreError } from '../errors';
import type { AgentId } from '../protocol/ids';
import type { JsonValue } from '../util/json';
import { checkAgentId } from './agentIds';
import { MemoryLog, MemoryReader, newStoredSession, type StoredSession } from './memoryLog';
import { NamedStore } from './namedStore';
import { holderHere, LeasesHere } from './leasesHere';
import { sessionExists, sessionIsOpen, sessionNotFound } from './sessionRefusals';
import type { OpenOptions, SessionHolder, SessionLog, SessionMeta, SessionReader, SessionStore } from './store';

/** Agents that live as long as the process. */
export class MemoryStore extends NamedStore {
  constructor() {
    super(new MemorySessions());
  }
}

/** Sessions in memory. Everything goes through JSON, so that nothing is kept that a file could not hold. */
class MemorySessions implements SessionStore {
  readonly #sessions = new Map<AgentId, StoredSession>();
  readonly #trash = new Map<AgentId, StoredSession>();
  readonly #documents = new Map<string, string>();
  readonly #leases = new LeasesHere();

  async open(agentId: AgentId, mode: 'create' | 'existing', _opts?: OpenOptions): Promise<SessionLog> {
    checkAgentId(agentId);
    const existing = this.#sessions.get(agentId);
    if (mode === 'create' && existing) throw sessionExists(agentId);
    if (mode === 'existing' && !existing) throw sessionNotFound(agentId);
    const session = existing ?? newStoredSession(agentId);
    if (session.open) throw sessionIsOpen(agentId);
    session.open = true;
    this.#sessions.set(agentId, session);
    return new MemoryLog(session);
  }

  async read(agentId: AgentId): Promise<SessionReader> {
    const session = this.#sessions.get(agentId);
    if (!session) throw sessionNotFound(agentId);
    return new MemoryReader(session);
  }

  async hold(agentId: AgentId, _opts?: OpenOptions): Promise<() => Promise<void>> {
    return this.#leases.hold(checkAgentId(agentId));
  }

  async holder(agentId: AgentId): Promise<SessionHolder | undefined> {
    return this.#sessions.get(agentId)?.open ? holderHere : this.#leases.holder(agentId);
  }

  async exists(agentId: AgentId): Promise<boolean> {
    return this.#sessions.has(agentId);
  }

  async list(prefix = ''): Promise<readonly AgentId[]> {
    return [...this.#sessions.keys()].filter((id) => id.startsWith(prefix)).sort();
  }

  async summaries(): Promise<readonly SessionMeta[]> {
    return [...this.#sessions.values()].map(({ meta }) => meta).sort((left, right) => right.updatedAt - left.updatedAt);
  }

  async discard(agentId: AgentId): Promise<void> {
    const session = this.#sessions.get(agentId);
    if (!session) return;
    if (session.open) throw sessionIsOpen(agentId);
    this.#sessions.delete(agentId);
    this.#trash.set(agentId, session);
  }

  async restore(agentId: AgentId): Promise<void> {
    const session = this.#trash.get(agentId);
    if (!session) throw sessionNotFound(agentId);
    if (this.#sessions.has(agentId))
      throw new StoreError('exists', `The id ${agentId} was used again.`, { advice: 'Rename the other one first.' });
    this.#trash.delete(agentId);
    this.#sessions.set(agentId, session);
  }

  async delete(agentId: AgentId): Promise<void> {
    if (this.#sessions.get(agentId)?.open) throw sessionIsOpen(agentId);
    this.#sessions.delete(agentId);
    this.#trash.delete(agentId);
  }

  async readDocument(name: string): Promise<JsonValue | undefined> {
    const json = this.#documents.get(name);
    return json === undefined ? undefined : (JSON.parse(json) as JsonValue);
  }

  async writeDocument(name: string, value: JsonValue | undefined): Promise<void> {
    if (value === undefined) this.#documents.delete(name);
    else this.#documents.set(name, JSON.stringify(value));
  }

  /** Nobody else can ask for what lives in this process alone. */
  onHandOverRequest(_handler: (agentId: AgentId) => Promise<boolean>): () => void {
    return () => undefined;
  }
}
