import type { Budget, ModelSpending, TokenUsage } from '../protocol/usage';

/** One call of a model that came to its end. */
export interface SpentCall {
  readonly vendor: string;
  readonly model: string;
  readonly usage: TokenUsage;
}

/** The port through which agents tell what they spend and hear what they may. */
export interface Spending {
  /** The limits as they are now; a session's own limit counts beside `session`. */
  budgets(): { readonly session?: Budget; readonly day?: Budget };
  /** What all sessions have spent today, the user's day. */
  today(): Promise<readonly ModelSpending[]>;
  /** Takes a call into today's sum. Nothing is asked twice: a failure to store is the port's own to report. */
  add(call: SpentCall): Promise<void>;
}
