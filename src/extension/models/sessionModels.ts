import type { Agent } from '../../core/agent/agent';
import type { ModelProvider } from '../../core/model/provider';
import { isSameChoice, type ModelChoice } from '../../core/protocol/models';
import type { AgentId } from '../../core/protocol/ids';
import type { Sessions } from '../sessions/sessions';
import type { Models } from './models';

/**
 * Which session asks which model. A session keeps the model with which it was last used, over restarts too; one that has none of
 * its own (not begun yet, or stored by a version that did not keep it) takes the standard model. What changes beside the
 * model, a key or an address, holds for all of them from their next turn on.
 */
export class SessionModels {
  readonly #sessions: Sessions;
  readonly #models: Models;
  readonly #reportError: (what: string, error: unknown) => void;
  /** The last choice of each session that is on its way: an earlier one counts no more. */
  readonly #choosing = new Map<AgentId, ModelChoice>();
  /** How often keys or addresses have changed. */
  #changes = 0;

  constructor(sessions: Sessions, models: Models, reportError: (what: string, error: unknown) => void) {
    this.#sessions = sessions;
    this.#models = models;
    this.#reportError = reportError;
  }

  /** What the session asks next. */
  of(sessionId: AgentId): ModelChoice | undefined {
    return this.#sessions.choice(sessionId) ?? this.#models.standard;
  }

  /** The session asks this model from its next turn on; of two calls the later one counts. @throws what `Sessions.agentFor` throws. */
  async use(sessionId: AgentId, wanted: ModelChoice): Promise<void> {
    if (this.#sessions.chooseForDraft(sessionId, wanted)) return;
    const choice = { ...wanted };
    this.#choosing.set(sessionId, choice);
    try {
      const agent = await this.#sessions.agentFor(sessionId);
      const model = await this.#openNow(choice);
      if (this.#choosing.get(sessionId) === choice) await agent.setModel(model);
    } finally {
      if (this.#choosing.get(sessionId) === choice) this.#choosing.delete(sessionId);
    }
  }

  /**
   * Opens every running session's model anew. One that cannot be opened takes the place of the old one too: a session never
   * goes on with a key or an address that the user has turned away from.
   */
  async reopen(): Promise<void> {
    this.#changes++;
    await Promise.all(
      this.#sessions.agents.map((agent) =>
        this.#reopen(agent).catch((error: unknown) => this.#reportError('A model could not be changed', error)),
      ),
    );
  }

  async #reopen(agent: Agent): Promise<void> {
    const change = this.#changes;
    const own = agent.info().model;
    const model = await this.#models.openOrSay(own);
    // Meanwhile keys have changed again, the user may have chosen another one, or the session may be gone.
    const now = agent.info().model;
    const isStill = own === undefined ? now === undefined : now !== undefined && isSameChoice(own, now);
    if (change !== this.#changes || !isStill || !this.#sessions.agents.includes(agent)) return;
    await agent.setModel(model);
  }

  /** With the key and the address that are in force when it is open. */
  async #openNow(choice: ModelChoice): Promise<ModelProvider> {
    for (;;) {
      const change = this.#changes;
      const model = await this.#models.openOrSay(choice);
      if (change === this.#changes) return model;
    }
  }
}
