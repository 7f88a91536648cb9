import * as z from 'zod/mini';
import type { PermissionConfig } from '../../core/permission/policy';
import type { AgentId } from '../../core/protocol/ids';
import { modeInForce, permissionModeOf, reviewModes, type ReviewMode } from '../../core/protocol/modes';
import type { Kept } from '../kept';

export interface ModeMemoryPorts {
  /** What this window keeps of its workspace. */
  readonly memento: Kept;
  /** The mode of new sessions. */
  readonly standard: () => ReviewMode;
  readonly isTrusted: () => boolean;
  readonly reportError: (what: string, error: unknown) => void;
}

const modesKey = 'modes';
const autoKey = 'autoExplained';
const keptSessions = 500;
const kept = z.array(z.tuple([z.string(), z.enum(reviewModes)]));

/**
 * Which session was switched to which mode in this workspace, over reloads of its window. It is kept here and never with the
 * session: a session may come from a file of somebody else, and that one must not say what runs unasked here.
 */
export class ModeMemory {
  readonly #ports: ModeMemoryPorts;
  readonly #modes: Map<string, ReviewMode>;

  constructor(ports: ModeMemoryPorts) {
    this.#ports = ports;
    const known = kept.safeParse(ports.memento.get(modesKey) ?? []);
    this.#modes = new Map(known.success ? known.data : []);
  }

  /** What is in force there. A stored session that was never switched here asks, whatever new ones do; it plans where they do. */
  of(sessionId: AgentId, from: 'new' | 'store'): ReviewMode {
    const { standard, isTrusted } = this.#ports;
    const chosen = this.#modes.get(sessionId) ?? (from === 'new' ? standard() : modeInForce(standard(), false));
    return modeInForce(chosen, isTrusted());
  }

  /** What an agent is made or brought back with; from then on the session keeps it. */
  permissionFor(sessionId: AgentId, from: 'new' | 'store'): PermissionConfig {
    const mode = this.of(sessionId, from);
    if (from === 'new') this.set(sessionId, mode);
    return { mode: permissionModeOf(mode) };
  }

  set(sessionId: AgentId, mode: ReviewMode): void {
    if (this.#modes.get(sessionId) === mode) return;
    this.#modes.delete(sessionId);
    this.#modes.set(sessionId, mode);
    this.#keep();
  }

  /** The session was deleted, or one of this name came from elsewhere: what was chosen for it holds no more. */
  forget(sessionId: AgentId): void {
    if (this.#modes.delete(sessionId)) this.#keep();
  }

  /** A fork goes on as the session that it was made from. */
  copy(from: AgentId, to: AgentId): void {
    const mode = this.#modes.get(from);
    if (mode) this.set(to, mode);
  }

  /** Whether somebody was told in this workspace what Auto means. */
  get autoExplained(): boolean {
    return this.#ports.memento.get(autoKey) === true;
  }

  explainedAuto(): void {
    if (!this.autoExplained) this.#update(autoKey, true);
  }

  #keep(): void {
    for (const oldest of [...this.#modes.keys()].slice(0, -keptSessions)) this.#modes.delete(oldest);
    this.#update(modesKey, [...this.#modes]);
  }

  #update(key: string, value: unknown): void {
    const failed = (error: unknown): void => this.#ports.reportError('The mode could not be noted', error);
    this.#ports.memento.update(key, value).then(undefined, failed);
  }
}
