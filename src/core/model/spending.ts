import type { Budget, ModelSpending, TokenUsage } from '../protocol/usage';

/** One call of a model that came to its end. */
export interface SpentCall {
  readonly vendor: string;
  readonly model: string;
  readonly usage: TokenUsage;
}

/** US dollars, 0 where the price is unknown; tokens of input and output together. */
export type Reserved = Required<Budget>;

/** The port through which agents tell what they spend and hear what they may. */
export interface Spending {
  /** The limits as they are now; a session's own limit counts beside `session`. */
  budgets(): { readonly session?: Budget; readonly day?: Budget };
  /** What all sessions have spent today, the user's day. */
  today(): Promise<readonly ModelSpending[]>;
  /** Takes a call into today's sum. Nothing is asked twice: a failure to store is the port's own to report. */
  add(call: SpentCall): Promise<void>;
  /**
   * Holds of the day's budget what a request is expected to take, until what is returned is called: when the call was added, or
   * came to nothing. Requests of other windows and processes are not seen until they are counted, and an answer may be longer
   * than expected. Absent, as `reserved`: requests at the same time may pass the budget together.
   */
  reserve?(expected: Reserved): () => void;
  /** All that is held at this moment. */
  reserved?(): Reserved;
}
