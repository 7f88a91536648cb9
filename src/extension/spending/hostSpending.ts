import type { Reserved, Spending } from '../../core/model/spending';
import type { ModelSpending } from '../../core/protocol/usage';

export interface HostSpendingPorts {
  /** What all windows have spent, by day. */
  readonly ledger: Omit<Required<Spending>, 'budgets'>;
  /** The user's limits as they are now. */
  readonly budgets: Spending['budgets'];
  /** What was spent today is another sum. */
  readonly onChange: () => void;
  readonly reportError: (what: string, error: unknown) => void;
}

/** What this window's agents spend and may spend, with today's sum at hand for the panel. */
export class HostSpending implements Spending {
  readonly #ports: HostSpendingPorts;
  #known: readonly ModelSpending[] | undefined;

  constructor(ports: HostSpendingPorts) {
    this.#ports = ports;
  }

  /** Today's sum as it was last read; undefined before. */
  get known(): readonly ModelSpending[] | undefined {
    return this.#known;
  }

  budgets(): ReturnType<Spending['budgets']> {
    return this.#ports.budgets();
  }

  async today(): Promise<readonly ModelSpending[]> {
    return this.#ports.ledger.today();
  }

  async add(call: Parameters<Spending['add']>[0]): Promise<void> {
    await this.#ports.ledger.add(call);
    this.refresh();
  }

  reserve(expected: Reserved): () => void {
    return this.#ports.ledger.reserve(expected);
  }

  reserved(): Reserved {
    return this.#ports.ledger.reserved();
  }

  /** Reads the sum again: other windows spend too, and days end. */
  refresh(): void {
    this.#read().catch((error: unknown) => this.#ports.reportError('What was spent today could not be read', error));
  }

  async #read(): Promise<void> {
    this.#known = await this.#ports.ledger.today();
    this.#ports.onChange();
  }
}
