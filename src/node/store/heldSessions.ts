import { StoreError } from '../../core/errors';
import type { AgentId } from '../../core/protocol/ids';
import type { OpenOptions } from '../../core/store/store';
import { systemCodeOf } from '../systemError';
import type { FileSessionLog } from './fileSessionLog';
import type { LeaseHolder, TakenLease } from './leaseHolder';
import type { StoreLayout } from './storeLayout';

/** A session whose lease this store object has, for an open log, for whoever took the lease alone, or for both. */
export interface HeldSession {
  readonly agentId: AgentId;
  readonly folder: string;
  readonly taken: TakenLease;
  /** Milliseconds since 1970. */
  readonly since: number;
  log: FileSessionLog | undefined;
  /** Of the one who took the lease alone. */
  token: symbol | undefined;
}

/** The leases of one store object. Calls for one session must come one after the other. */
export class HeldSessions {
  readonly #layout: StoreLayout;
  readonly #holder: LeaseHolder;
  readonly #now: () => number;
  readonly #held = new Map<AgentId, HeldSession>();

  constructor(layout: StoreLayout, holder: LeaseHolder, now: () => number) {
    this.#layout = layout;
    this.#holder = holder;
    this.#now = now;
  }

  get(agentId: AgentId): HeldSession | undefined {
    return this.#held.get(agentId);
  }

  all(): Iterable<HeldSession> {
    return this.#held.values();
  }

  /** `make`: makes the folder of a session to come. @throws StoreError 'not_found' without one; SessionHeldError. */
  async take(agentId: AgentId, make: boolean, opts: OpenOptions): Promise<HeldSession> {
    const mine = this.#held.get(agentId);
    if (mine) return mine;
    const folder = this.#layout.sessionFolder(agentId);
    for (;;) {
      const state = await this.#layout.stateOf(agentId);
      if (!make && state !== 'there') throw notFound(agentId);
      if (state === 'none') await this.#layout.makeSessionFolder(agentId);
      try {
        const taken = await this.#holder.take(folder, agentId, opts);
        const held = { agentId, folder, taken, since: this.#now(), log: undefined, token: undefined };
        this.#held.set(agentId, held);
        return held;
      } catch (error) {
        // It was thrown away between the two looks.
        if (systemCodeOf(error) !== 'ENOENT') throw error;
      }
    }
  }

  /** Gives the lease back unless somebody here still needs it; a folder in which no session began goes. */
  async letGo(held: HeldSession): Promise<void> {
    if (held.log || held.token || this.#held.get(held.agentId) !== held) return;
    this.#held.delete(held.agentId);
    try {
      const isUnused = held.taken.lease.holds() && (await this.#layout.stateOf(held.agentId)) === 'creating';
      if (isUnused) await this.#layout.remove(held.folder);
    } finally {
      await held.taken.release();
    }
  }

  /** Gives it back after the session's folder was moved there. */
  async moved(held: HeldSession, folder: string): Promise<void> {
    this.#held.delete(held.agentId);
    await held.taken.release(folder);
  }
}

export function notFound(agentId: AgentId): StoreError {
  return new StoreError('not_found', `There is no session ${JSON.stringify(agentId)}.`, {
    advice: 'Look at the list of sessions; it may have been deleted.',
  });
}
