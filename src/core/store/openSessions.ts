import type { AgentId } from '../protocol/ids';
import { quietTimer } from '../util/quietTimer';
import { SavedSession } from './savedSession';
import type { SessionLog, SessionStore } from './store';

const mostOpen = 8;

export interface OpenSessionsPorts extends Pick<SessionStore, 'hold' | 'read'> {
  readonly openToWrite: (agentId: AgentId) => Promise<SessionLog>;
  /** Milliseconds after which a session that nobody uses is let go. Default 500. */
  readonly idleMs?: number;
}

/** A session that the documented names have open. */
export interface OpenSession {
  readonly log: SessionLog;
  readonly saved: SavedSession;
  usedAt: number;
}

/**
 * The sessions that the documented names have open: few, one use of each at a time, and let go when nobody uses them for a moment or
 * an agent wants one. What is known of a session outlives its closing: it holds as long as nobody else has written.
 */
export class OpenSessions {
  readonly #ports: OpenSessionsPorts;
  /** In the order of their last use. */
  readonly #open = new Map<AgentId, OpenSession>();
  readonly #closed = new Map<AgentId, { readonly saved: SavedSession; readonly version: string }>();
  readonly #turns = new Map<AgentId, Promise<unknown>>();
  readonly #idleMs: number;
  #cancelIdle: (() => void) | undefined;

  constructor(ports: OpenSessionsPorts) {
    this.#ports = ports;
    this.#idleMs = ports.idleMs ?? 500;
  }

  has(agentId: AgentId): boolean {
    return this.#open.has(agentId);
  }

  /** Opens the session where it is not open. After a failure it is closed and forgotten: what was known of it may be wrong. */
  async use<T>(agentId: AgentId, work: (session: OpenSession) => Promise<T>): Promise<T> {
    const result = await this.#inTurn(agentId, async () => {
      const session = this.#open.get(agentId) ?? (await this.#openAgain(agentId));
      this.#open.delete(agentId);
      this.#open.set(agentId, session);
      try {
        return await work(session);
      } catch (error) {
        this.#open.delete(agentId);
        await session.log.close().catch(() => undefined); // What went wrong first is what tells.
        throw error;
      } finally {
        session.usedAt = Date.now();
      }
    });
    this.#cancelIdle ??= quietTimer(() => this.#closeIdle(), this.#idleMs);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostOpen && oldest !== undefined) this.#closeSoon(oldest);
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
    const ids = new Set([...this.#open.keys(), ...this.#turns.keys()]);
    await Promise.all([...ids].map((agentId) => this.without(agentId, async () => undefined)));
  }

  #closeIdle(): void {
    this.#cancelIdle = undefined;
    const idleSince = Date.now() - this.#idleMs;
    for (const [agentId, { usedAt }] of this.#open) if (usedAt <= idleSince) this.#closeSoon(agentId);
    if (this.#open.size > 0) this.#cancelIdle = quietTimer(() => this.#closeIdle(), this.#idleMs);
  }

  /** Everything in it is durable already, so that a failure to close takes nothing away; the next use meets its cause. */
  #closeSoon(agentId: AgentId): void {
    void this.without(agentId, async () => undefined).catch(() => undefined);
  }

  /** The version is looked at while the lease is held: nobody can have written between that look and the opening. */
  async #openAgain(agentId: AgentId): Promise<OpenSession> {
    const known = this.#closed.get(agentId);
    this.#closed.delete(agentId);
    const release = known && (await this.#heldOrNot(agentId));
    try {
      const isSame = release && (await this.#versionOf(agentId)) === known.version;
      const log = await this.#ports.openToWrite(agentId);
      return { log, saved: isSame ? known.saved : new SavedSession(), usedAt: Date.now() };
    } finally {
      await release?.();
    }
  }

  async #close(agentId: AgentId): Promise<void> {
    const session = this.#open.get(agentId);
    if (!session) return;
    this.#open.delete(agentId);
    const release = await this.#heldOrNot(agentId);
    try {
      await session.log.close();
      const version = release && (await this.#versionOf(agentId));
      if (version !== undefined) this.#closed.set(agentId, { saved: session.saved, version });
      const [oldest] = this.#closed.keys();
      if (this.#closed.size > mostOpen && oldest !== undefined) this.#closed.delete(oldest);
    } finally {
      await release?.();
    }
  }

  /** The lease beside the log's; undefined where it cannot be had: then what is known is not relied upon. */
  async #heldOrNot(agentId: AgentId): Promise<(() => Promise<void>) | undefined> {
    const [held] = await Promise.allSettled([this.#ports.hold(agentId)]);
    return held.status === 'fulfilled' ? held.value : undefined;
  }

  async #versionOf(agentId: AgentId): Promise<string | undefined> {
    const [version] = await Promise.allSettled([this.#readVersion(agentId)]);
    return version.status === 'fulfilled' ? version.value : undefined;
  }

  async #readVersion(agentId: AgentId): Promise<string> {
    const reader = await this.#ports.read(agentId);
    try {
      return await reader.version();
    } finally {
      await reader.close();
    }
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
