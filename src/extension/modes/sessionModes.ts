import type { Agent } from '../../core/agent/agent';
import type { AgentId } from '../../core/protocol/ids';
import { permissionModeOf, reviewModeOf, type ReviewMode } from '../../core/protocol/modes';
import type { Sessions } from '../sessions/sessions';
import type { ModeMemory } from './modeMemory';

/** Which session works in which mode: what agents do is held to what was chosen, a chosen mode that is too wide asks first. */
export class SessionModes {
  readonly #sessions: Pick<Sessions, 'agent' | 'agents' | 'activeId' | 'isActiveStored'>;
  readonly #memory: ModeMemory;
  readonly #onChange: () => void;
  readonly #reportError: (what: string, error: unknown) => void;
  /** Where somebody wants a mode and has to confirm it. */
  #toConfirm: { readonly sessionId: AgentId; readonly mode: ReviewMode } | undefined;

  constructor(
    sessions: Pick<Sessions, 'agent' | 'agents' | 'activeId' | 'isActiveStored'>,
    memory: ModeMemory,
    onChange: () => void,
    reportError: (what: string, error: unknown) => void,
  ) {
    this.#sessions = sessions;
    this.#memory = memory;
    this.#onChange = onChange;
    this.#reportError = reportError;
  }

  of(sessionId: AgentId): ReviewMode {
    const agent = this.#sessions.agent(sessionId);
    const working = agent && reviewModeOf(agent.permission.mode);
    const isBegun = sessionId !== this.#sessions.activeId || this.#sessions.isActiveStored;
    return working ?? this.#memory.of(sessionId, isBegun ? 'store' : 'new');
  }

  /** The mode that waits to be confirmed for this session. */
  toConfirm(sessionId: AgentId): ReviewMode | undefined {
    return this.#toConfirm?.sessionId === sessionId ? this.#toConfirm.mode : undefined;
  }

  /**
   * Holds for the next call of a running turn. Auto, for the first time in this workspace, waits until it is set again as
   * `confirmed`: false then. @throws StoreError: it holds all the same, but not over a reload of the agent.
   */
  async set(sessionId: AgentId, mode: ReviewMode, confirmed: boolean): Promise<boolean> {
    this.#toConfirm = undefined;
    if (mode === 'auto' && !this.#memory.autoExplained && this.of(sessionId) !== 'auto') {
      if (!confirmed) {
        this.#toConfirm = { sessionId, mode };
        this.#onChange();
        return false;
      }
      this.#memory.explainedAuto();
    }
    this.#memory.set(sessionId, mode);
    const agent = this.#sessions.agent(sessionId);
    if (agent) await this.#hold(agent);
    this.#onChange();
    return true;
  }

  /** An agent that was being made while another mode was chosen takes that one. */
  holdAll(): void {
    for (const agent of this.#sessions.agents)
      this.#hold(agent).catch((error: unknown) => this.#reportError('The mode could not be switched', error));
  }

  async #hold(agent: Agent): Promise<void> {
    const mode = permissionModeOf(this.#memory.of(agent.agentId, 'store'));
    if (agent.permission.mode !== mode) await agent.setPermission({ ...agent.permission, mode });
  }
}
