import type { Agent } from '../../core/agent/agent';
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

  constructor(sessions: Sessions, models: Models, reportError: (what: string, error: unknown) => void) {
    this.#sessions = sessions;
    this.#models = models;
    this.#reportError = reportError;
  }

  /** What the session asks next. */
  of(sessionId: AgentId): ModelChoice | undefined {
    return this.#sessions.choice(sessionId) ?? this.#models.standard;
  }

  /** The session asks this model from its next turn on. @throws what `Sessions.agentFor` throws. */
  async use(sessionId: AgentId, choice: ModelChoice): Promise<void> {
    if (this.#sessions.chooseForDraft(sessionId, choice)) return;
    const agent = await this.#sessions.agentFor(sessionId);
    await agent.setModel(await this.#models.openOrSay(choice));
  }

  /**
   * Opens every running session's model anew. One that cannot be opened takes the place of the old one too: a session never
   * goes on with a key or an address that the user has turned away from.
   */
  async reopen(): Promise<void> {
    await Promise.all(
      this.#sessions.agents.map((agent) =>
        this.#reopen(agent).catch((error: unknown) => this.#reportError('A model could not be changed', error)),
      ),
    );
  }

  async #reopen(agent: Agent): Promise<void> {
    const own = agent.info().model;
    const model = await this.#models.openOrSay(own);
    // Meanwhile the user may have chosen another one, or the session may be gone.
    const now = agent.info().model;
    const isStill = own === undefined ? now === undefined : now !== undefined && isSameChoice(own, now);
    if (!isStill || !this.#sessions.agents.includes(agent)) return;
    await agent.setModel(model);
  }
}
