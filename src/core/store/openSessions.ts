import type { AgentId, CallId } from '../protocol/ids';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { quietTimer } from '../util/quietTimer';
import { SavedMessages } from './savedMessages';
import type { SessionLog } from './store';

const mostOpen = 8;

/** A session that the documented names have open, with what they know of it. */
export class OpenSession {
  readonly log: SessionLog;
  usedAt = 0;
  #messages: SavedMessages | undefined;
  #callStamps: Map<CallId, string> | undefined;

  constructor(log: SessionLog) {
    this.log = log;
  }

  async messages(): Promise<SavedMessages> {
    this.#messages ??= new SavedMessages(await this.log.readMessages());
    return this.#messages;
  }

  /** Those that are not stored as they are now. They are taken for written. */
  async changedCalls(records: readonly ToolCallRecord[]): Promise<readonly ToolCallRecord[]> {
    const stamps = (this.#callStamps ??= new Map(
      (await this.log.readToolCalls()).map((call) => [call.id, stampOf(call)]),
    ));
    const changed = records.filter((record) => stamps.get(record.id) !== stampOf(record));
    for (const record of changed) stamps.set(record.id, stampOf(record));
    return changed;
  }
}

/**
 * The sessions that the documented names have open: few, one use of each at a time, and let go when nobody uses them for two
 * seconds or an agent wants one.
 */
export class OpenSessions {
  readonly #open: (agentId: AgentId) => Promise<SessionLog>;
  /** In the order of their last use. */
  readonly #sessions = new Map<AgentId, OpenSession>();
  readonly #turns = new Map<AgentId, Promise<unknown>>();
  #cancelIdle: (() => void) | undefined;

  readonly #idleMs: number;

  constructor(open: (agentId: AgentId) => Promise<SessionLog>, idleMs = 2_000) {
    this.#open = open;
    this.#idleMs = idleMs;
  }

  has(agentId: AgentId): boolean {
    return this.#sessions.has(agentId);
  }

  /** Opens the session where it is not open. After a failure it is closed: what was known of it may be wrong. */
  async use<T>(agentId: AgentId, work: (session: OpenSession) => Promise<T>): Promise<T> {
    const result = await this.#inTurn(agentId, async () => {
      const session = this.#sessions.get(agentId) ?? new OpenSession(await this.#open(agentId));
      this.#sessions.delete(agentId);
      this.#sessions.set(agentId, session);
      try {
        return await work(session);
      } catch (error) {
        await this.#close(agentId).catch(() => undefined); // What went wrong first is what tells.
        throw error;
      } finally {
        session.usedAt = Date.now();
      }
    });
    this.#cancelIdle ??= quietTimer(() => this.#closeIdle(), this.#idleMs);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > mostOpen && oldest !== undefined) this.#closeSoon(oldest);
    return result;
  }

  /** Does something with a session while it is not open here. */
  without<T>(agentId: AgentId, work: () => Promise<T>): Promise<T> {
    return this.#inTurn(agentId, async () => {
      await this.#close(agentId);
      return work();
    });
  }

  async close(): Promise<void> {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const ids = new Set([...this.#sessions.keys(), ...this.#turns.keys()]);
    await Promise.all([...ids].map((agentId) => this.without(agentId, async () => undefined)));
  }

  #closeIdle(): void {
    this.#cancelIdle = undefined;
    const idleSince = Date.now() - this.#idleMs;
    for (const [agentId, { usedAt }] of this.#sessions) if (usedAt <= idleSince) this.#closeSoon(agentId);
    if (this.#sessions.size > 0) this.#cancelIdle = quietTimer(() => this.#closeIdle(), this.#idleMs);
  }

  /** Everything in it is durable already, so that a failure to close takes nothing away; the next use meets its cause. */
  #closeSoon(agentId: AgentId): void {
    void this.without(agentId, async () => undefined).catch(() => undefined);
  }

  async #close(agentId: AgentId): Promise<void> {
    const session = this.#sessions.get(agentId);
    this.#sessions.delete(agentId);
    await session?.log.close();
  }

  #inTurn<T>(agentId: AgentId, work: () => Promise<T>): Promise<T> {
    const result = (this.#turns.get(agentId) ?? Promise.resolve()).then(work);
    const turn = result.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(agentId, turn);
    void turn.then(() => {
      if (this.#turns.get(agentId) === turn) this.#turns.delete(agentId);
    });
    return result;
  }
}

function stampOf(record: ToolCallRecord): string {
  return `${record.updatedAt} ${record.state}`;
}
