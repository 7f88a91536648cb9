import * as vscode from 'vscode';
import type { EventOf } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import { budgetText } from './budgetText';

/** Says once, outside of the panel too, that a budget is nearly or wholly spent. */
export class BudgetWarnings {
  readonly #setBudget: () => Promise<void>;
  readonly #reportError: (what: string, error: unknown) => void;
  readonly #said = new Set<string>();

  constructor(setBudget: () => Promise<void>, reportError: (what: string, error: unknown) => void) {
    this.#setBudget = setBudget;
    this.#reportError = reportError;
  }

  /** @param today as `YYYY-MM-DD`: what is said of one day is said again on the next */
  take(sessionId: AgentId, warning: EventOf<'budget_warning'>, today: string): void {
    const { scope, unit, level, budget } = warning;
    const subject = `${scope} ${unit} ${level} ${budget} ${scope === 'session' ? sessionId : today}`;
    if (this.#said.has(subject)) return;
    this.#said.add(subject);
    this.#say(budgetText(warning)).catch((error: unknown) =>
      this.#reportError('A warning of a budget could not be shown', error),
    );
  }

  async #say(text: string): Promise<void> {
    if ((await vscode.window.showWarningMessage(text, setBudgetLabel)) === setBudgetLabel) await this.#setBudget();
  }
}

const setBudgetLabel = 'Set Budget…';
