import { addSpending, type ModelSpending } from '../protocol/usage';
import { localDay } from '../util/localDay';
import { Reservations } from './reservations';
import type { Reserved, Spending, SpentCall } from './spending';

/** What `MemorySpending` works with. */
export interface MemorySpendingPorts {
  /** Default: no limits. */
  readonly budgets?: Spending['budgets'];
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** What the agents of this process spend: nothing is stored, and a new day begins with nothing. */
export class MemorySpending implements Spending {
  readonly #ports: MemorySpendingPorts;
  readonly #reservations = new Reservations();
  #day = '';
  #spent: readonly ModelSpending[] = [];

  constructor(ports: MemorySpendingPorts = {}) {
    this.#ports = ports;
  }

  budgets(): ReturnType<Spending['budgets']> {
    return this.#ports.budgets?.() ?? {};
  }

  async today(): Promise<readonly ModelSpending[]> {
    return this.#spentToday();
  }

  async add(call: SpentCall): Promise<void> {
    this.#spent = addSpending(this.#spentToday(), call, call.usage);
  }

  reserve(expected: Reserved): () => void {
    return this.#reservations.add(expected);
  }

  reserved(): Reserved {
    return this.#reservations.sum;
  }

  #spentToday(): readonly ModelSpending[] {
    const day = localDay((this.#ports.now ?? Date.now)());
    if (day !== this.#day) this.#spent = [];
    this.#day = day;
    return this.#spent;
  }
}
