import { isAgentError } from '../errors';
import type { AgentId } from '../protocol/ids';
import type { JsonValue } from '../util/json';
import { sleep } from '../util/sleep';
import { checkAgentId } from './agentIds';
import { checkConsistency } from './checkConsistency';
import type { ExtendedStore } from './documentedStore';
import { forkSession } from './forkSession';
import { checkHealth } from './health';
import { aggregateStats, queryMessages, querySessions, queryToolCalls } from './queries';
import type {
  AgentStats,
  ConsistencyReport,
  HealthReport,
  MessageFilter,
  MessageRow,
  SessionFilter,
  SessionRow,
  StoreMetrics,
  ToolCallFilter,
  ToolCallRow,
} from './reports';
import type { OpenOptions, SessionHolder, SessionLog, SessionMeta, SessionReader, SessionStore } from './store';
import { SessionNames } from './sessionNames';
import { countedLog, countedReader, OperationMeter } from './storeMetrics';

/** What a `NamedStore` stands on. */
export interface NamedStorePorts {
  /** Bytes that the store takes on disk. Default: 0. */
  readonly sizeBytes?: () => Promise<number>;
}

const lockTryMs = 50;
const neverAborted = new AbortController().signal;

/**
 * The documented names over any store of sessions, and that store itself: what agents use goes straight through. It steps aside
 * for them: a session that it has open for its own names is closed before an agent opens it.
 */
export class NamedStore extends SessionNames implements SessionStore, ExtendedStore {
  readonly #sessions: SessionStore;
  readonly #ports: NamedStorePorts;
  readonly #meter: OperationMeter;

  constructor(sessions: SessionStore, ports: NamedStorePorts = {}) {
    const meter = new OperationMeter();
    super(sessions, meter);
    this.#meter = meter;
    this.#sessions = sessions;
    this.#ports = ports;
  }

  async open(agentId: AgentId, mode: 'create' | 'existing', opts?: OpenOptions): Promise<SessionLog> {
    return this.opened.without(agentId, async () =>
      countedLog(await this.#sessions.open(agentId, mode, opts), this.#meter),
    );
  }

  async read(agentId: AgentId): Promise<SessionReader> {
    return countedReader(await this.#sessions.read(agentId), this.#meter);
  }

  hold(agentId: AgentId, opts?: OpenOptions): Promise<() => Promise<void>> {
    return this.opened.without(agentId, () => this.#sessions.hold(agentId, opts));
  }

  holder(agentId: AgentId): Promise<SessionHolder | undefined> {
    return this.#sessions.holder(agentId);
  }

  async exists(agentId: string): Promise<boolean> {
    return this.#sessions.exists(checkAgentId(agentId));
  }

  list(prefix?: string): Promise<readonly AgentId[]> {
    return this.#meter.measure('queries', () => this.#sessions.list(prefix));
  }

  summaries(): Promise<readonly SessionMeta[]> {
    return this.#meter.measure('queries', () => this.#sessions.summaries());
  }

  discard(agentId: AgentId): Promise<void> {
    return this.#meter.measure('deletes', () => this.opened.without(agentId, () => this.#sessions.discard(agentId)));
  }

  restore(agentId: AgentId): Promise<void> {
    return this.#sessions.restore(agentId);
  }

  async delete(agentId: string): Promise<void> {
    const id = checkAgentId(agentId);
    await this.#meter.measure('deletes', () => this.opened.without(id, () => this.#sessions.delete(id)));
  }

  readDocument(name: string): Promise<JsonValue | undefined> {
    return this.#sessions.readDocument(name);
  }

  writeDocument(name: string, value: JsonValue | undefined): Promise<void> {
    return this.#sessions.writeDocument(name, value);
  }

  onHandOverRequest(handler: (agentId: AgentId) => Promise<boolean>): () => void {
    return this.#sessions.onHandOverRequest(handler);
  }

  querySessions(filter: SessionFilter = {}): Promise<readonly SessionRow[]> {
    return this.#meter.measure('queries', () => querySessions(this.#sessions, filter));
  }

  queryMessages(filter: MessageFilter = {}): Promise<readonly MessageRow[]> {
    return this.#meter.measure('queries', () => queryMessages(this.#sessions, filter));
  }

  queryToolCalls(filter: ToolCallFilter = {}): Promise<readonly ToolCallRow[]> {
    return this.#meter.measure('queries', () => queryToolCalls(this.#sessions, filter));
  }

  aggregateStats(agentId?: string): Promise<AgentStats> {
    return this.#meter.measure('queries', () => aggregateStats(this.#sessions, agentId));
  }

  healthCheck(): Promise<HealthReport> {
    return checkHealth(this.#sessions);
  }

  async checkConsistency(agentId: string): Promise<ConsistencyReport> {
    return checkConsistency(this.#sessions, checkAgentId(agentId));
  }

  async getMetrics(): Promise<StoreMetrics> {
    const summaries = await this.#sessions.summaries();
    return {
      ...this.#meter.read(),
      storage: {
        totalAgents: summaries.length,
        totalMessages: summaries.reduce((sum, { messageCount }) => sum + messageCount, 0),
        dbSizeBytes: (await this.#ports.sizeBytes?.()) ?? 0,
      },
      collectedAt: Date.now(),
    };
  }

  async acquireAgentLock(agentId: string, timeoutMs = 30_000): Promise<() => Promise<void>> {
    const id = checkAgentId(agentId);
    const giveUpAt = Date.now() + timeoutMs;
    for (;;) {
      try {
        return await this.hold(id);
      } catch (error) {
        const canWait = isAgentError(error) && error.code === 'held' && Date.now() < giveUpAt;
        if (!canWait) throw error;
      }
      await sleep(Math.min(lockTryMs, Math.max(1, giveUpAt - Date.now())), neverAborted);
    }
  }

  async batchFork(agentId: string, count: number): Promise<readonly AgentId[]> {
    const id = checkAgentId(agentId);
    const forks: AgentId[] = [];
    while (forks.length < count) forks.push(await forkSession(this.#sessions, id));
    return forks;
  }

  close(): Promise<void> {
    return this.opened.close();
  }
}
