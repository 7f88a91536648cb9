import type { AgentId } from '../protocol/ids';
import { SessionHeldError } from './sessionHeld';
import type { SessionHolder } from './store';

/** Leases that count within one store object: nobody outside of it hears of them. */
export class LeasesHere {
  /** The token tells a late release from the owner's. */
  readonly #held = new Map<AgentId, symbol>();

  /** @returns gives the lease back; a late call frees nothing of a later owner. @throws SessionHeldError. */
  hold(agentId: AgentId): () => Promise<void> {
    if (this.#held.has(agentId)) throw new SessionHeldError(agentId, holderHere);
    const token = Symbol('lease');
    this.#held.set(agentId, token);
    return async () => {
      if (this.#held.get(agentId) === token) this.#held.delete(agentId);
    };
  }

  holder(agentId: AgentId): SessionHolder | undefined {
    return this.#held.has(agentId) ? holderHere : undefined;
  }
}

export const holderHere: SessionHolder = { state: 'alive', pid: 0, host: 'this process', since: 0 };
