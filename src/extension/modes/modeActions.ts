import * as vscode from 'vscode';
import type { AgentId } from '../../core/protocol/ids';
import { modeTexts } from '../../core/protocol/modeTexts';
import { modeInForce, reviewModes, type ReviewMode } from '../../core/protocol/modes';
import type { SessionModes } from './sessionModes';

export interface ModeActionsPorts {
  readonly modes: SessionModes;
  readonly activeId: () => AgentId;
  readonly openChat: () => Promise<void>;
}

const icons: Readonly<Record<ReviewMode, string>> = {
  plan: 'list-ordered',
  ask: 'question',
  review: 'diff',
  auto: 'zap',
};

/** The mode of the shown session, from the panel and from the palette. */
export class ModeActions {
  readonly #ports: ModeActionsPorts;

  constructor(ports: ModeActionsPorts) {
    this.#ports = ports;
  }

  async setMode(sessionId: AgentId, mode: ReviewMode, confirmed: boolean): Promise<void> {
    await this.#ports.modes.set(sessionId, mode, confirmed);
  }

  async chooseMode(): Promise<void> {
    const sessionId = this.#ports.activeId();
    const now = this.#ports.modes.of(sessionId);
    const items = choosable().map((mode) => ({
      mode,
      label: `$(${icons[mode]}) ${modeTexts[mode].name}`,
      description: mode === now ? 'now' : '',
      detail: modeTexts[mode].description,
    }));
    const chosen = await vscode.window.showQuickPick(items, { title: 'What may the agent do unasked?' });
    if (chosen) await this.#switchTo(sessionId, chosen.mode);
  }

  /** To the next one, and after the last to the first. */
  async switchMode(): Promise<void> {
    const { modes, activeId } = this.#ports;
    const sessionId = activeId();
    const all = choosable();
    // One that waits to be confirmed is not in the way.
    const from = all.indexOf(modes.toConfirm(sessionId) ?? modes.of(sessionId));
    const next = all[(from + 1) % all.length];
    if (next) await this.#switchTo(sessionId, next);
  }

  async #switchTo(sessionId: AgentId, mode: ReviewMode): Promise<void> {
    const { modes, openChat } = this.#ports;
    if (await modes.set(sessionId, mode, false))
      vscode.window.setStatusBarMessage(`Countersign: ${modeTexts[mode].name}. ${modeTexts[mode].description}`, 5_000);
    else await openChat();
  }
}

/** In a workspace that is not trusted there is nothing wider than asking. */
function choosable(): readonly ReviewMode[] {
  return reviewModes.filter((mode) => modeInForce(mode, vscode.workspace.isTrusted) === mode);
}
