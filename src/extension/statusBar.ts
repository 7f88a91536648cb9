import * as vscode from 'vscode';
import { modeTexts } from '../core/protocol/modeTexts';
import type { ReviewMode } from '../core/protocol/modes';
import type { SessionSummary } from '../core/protocol/view';
import { formatUsd } from './spending/usd';

/** The entry in the status bar: what the agents do, and whether one waits for the user. A click opens the chat. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('countersign.status', vscode.StatusBarAlignment.Right, 100);

  constructor() {
    this.#item.name = 'Countersign';
    this.#item.command = 'countersign.openChat';
    this.update([]);
    this.#item.show();
  }

  /** @param mode of the shown session. @param costUsd what that has cost; undefined: nothing, or not known */
  update(sessions: readonly SessionSummary[], mode: ReviewMode = 'ask', costUsd?: number): void {
    const waiting = sessions.reduce((sum, session) => sum + session.openApprovals, 0);
    const working = sessions.filter((session) => session.state === 'WORKING').length;
    const { icon, text, tooltip } = look(waiting, working);
    const cost = costUsd === undefined ? '' : ` ${formatUsd(costUsd)}`;
    const spent = costUsd === undefined ? '' : ` This session has cost ${formatUsd(costUsd)}.`;
    // Asking is what everybody expects.
    const { name, description } = modeTexts[mode];
    const modeWord = mode === 'ask' ? '' : ` · ${name}`;
    const modeSentence = mode === 'ask' ? '' : ` Mode ${name}: ${description}`;
    this.#item.text = `$(${icon}) ${text}${modeWord}${cost}`;
    this.#item.tooltip = `${tooltip}.${modeSentence}${spent}`;
    this.#item.accessibilityInformation = {
      label: `Countersign: ${tooltip}.${modeSentence}${spent}`,
      role: 'button',
    };
    this.#item.backgroundColor = waiting > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function look(
  waiting: number,
  working: number,
): { readonly icon: string; readonly text: string; readonly tooltip: string } {
  if (waiting > 0) {
    const decisions = waiting === 1 ? '1 decision waits for you' : `${waiting} decisions wait for you`;
    return { icon: 'bell-dot', text: `Countersign: ${waiting} to decide`, tooltip: decisions };
  }
  if (working > 0)
    return {
      icon: 'sync~spin',
      text: 'Countersign',
      tooltip: working === 1 ? 'An agent is working' : `${working} agents are working`,
    };
  return { icon: 'pass', text: 'Countersign', tooltip: 'Open the chat' };
}
