import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import { Reservations } from '../../core/model/reservations';
import type { Reserved, Spending, SpentCall } from '../../core/model/spending';
import { addSpending, type ModelSpending } from '../../core/protocol/usage';
import { localDay } from '../../core/util/localDay';
import { appendSpending, readSpending } from './spendingFile';
import { storeFailure } from './storeFailure';
import { namesIn, StoreLayout } from './storeLayout';
import { Turns } from '../../core/util/turns';

/** What `FileSpendingLedger` works with. */
export interface FileSpendingLedgerPorts {
  /** The store's folder; the days are in `<dir>/v1/spending/<YYYY-MM-DD>.jsonl`. */
  readonly dir: string;
  /** Default: no limits. */
  readonly budgets?: Spending['budgets'];
  /** Hears when storing, reading or tidying up begins to fail; no method but `days` throws because of it. */
  readonly onFailure: (error: StoreError) => void;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** What was spent on one day, `2026-11-21`, model by model. */
export interface DaySpending {
  readonly day: string;
  readonly spent: readonly ModelSpending[];
}

const keptDays = 400;

/**
 * What all windows and processes spend, day by day on the user's calendar: each call is a line in the day's file. What cannot be
 * stored counts in this process all the same, and is written with the next call that can be. Days older than 400 are removed.
 */
export class FileSpendingLedger implements Spending {
  readonly #ports: FileSpendingLedgerPorts;
  readonly #folder: string;
  readonly #reservations = new Reservations();
  #today = newDay('');
  /** Not stored yet; mostly nothing. */
  #unstored: readonly (SpentCall & { readonly at: number; readonly day: string })[] = [];
  readonly #failing = new Set<string>();
  /** What is being written must not be counted twice. */
  readonly #turns = new Turns();

  constructor(ports: FileSpendingLedgerPorts) {
    this.#ports = ports;
    this.#folder = new StoreLayout(ports.dir).spending;
  }

  budgets(): ReturnType<Spending['budgets']> {
    return this.#ports.budgets?.() ?? {};
  }

  add({ vendor, model, usage }: SpentCall): Promise<void> {
    const at = this.#now();
    const day = localDay(at);
    return this.#turns.take(async () => {
      this.#unstored = [...this.#unstored, { vendor, model, usage, at, day }];
      await this.#beginDay(localDay(this.#now()));
      await this.#orReport('Storing what was spent', () => this.#storeAll());
    });
  }

  reserve(expected: Reserved): () => void {
    return this.#reservations.add(expected);
  }

  reserved(): Reserved {
    return this.#reservations.sum;
  }

  /** Reads what was written since the last time. Never throws: where the disk refuses, it is what this process knows. */
  today(): Promise<readonly ModelSpending[]> {
    return this.#turns.take(async () => {
      await this.#beginDay(localDay(this.#now()));
      const { day } = this.#today;
      await this.#orReport('Reading what was spent today', async () => {
        const { calls, end, isAnew } = await readSpending(this.#fileOf(day), this.#today.end);
        const spent = sumOf(calls, isAnew ? [] : this.#today.spent);
        this.#today = { day, end, spent, known: spent };
      });
      return sumOf(this.#unstoredOf(day), this.#today.known);
    });
  }

  /** The days from `from` to `to`, both included, on which something was spent, in their order. @throws StoreError. */
  days(from: string, to: string): Promise<readonly DaySpending[]> {
    return this.#turns.take(async () => {
      try {
        const stored = (await namesIn(this.#folder)).flatMap((name) => dayOf(name) ?? []);
        const known = new Set([...stored, ...this.#unstored.map(({ day }) => day)]);
        const found: DaySpending[] = [];
        for (const day of [...known].filter((one) => one >= from && one <= to).toSorted()) {
          const { calls } = await readSpending(this.#fileOf(day));
          const spent = sumOf([...calls, ...this.#unstoredOf(day)]);
          if (spent.length > 0) found.push({ day, spent });
        }
        return found;
      } catch (error) {
        throw ledgerFailure(error, `Reading ${this.#folder}`);
      }
    });
  }

  async #storeAll(): Promise<void> {
    for (const call of this.#unstored) {
      await appendSpending(this.#fileOf(call.day), call, call.at);
      this.#unstored = this.#unstored.filter((one) => one !== call);
      if (call.day !== this.#today.day) continue;
      this.#today = { ...this.#today, known: sumOf([call], this.#today.known) };
    }
  }

  async #beginDay(day: string): Promise<void> {
    if (day === this.#today.day) return;
    this.#today = newDay(day);
    await this.#orReport('Removing old days of what was spent', async () => {
      const oldest = localDay(this.#now(), -keptDays);
      for (const name of await namesIn(this.#folder))
        if ((dayOf(name) ?? oldest) < oldest) await rm(path.join(this.#folder, name), { force: true });
    });
  }

  /** Told once, and once more when it fails again after it went well. */
  async #orReport(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failing.delete(what);
    } catch (error) {
      if (this.#failing.has(what)) return;
      this.#failing.add(what);
      this.#ports.onFailure(ledgerFailure(error, `${what} in ${this.#folder}`));
    }
  }

  #unstoredOf(day: string): readonly SpentCall[] {
    return this.#unstored.filter((call) => call.day === day);
  }

  #fileOf(day: string): string {
    return path.join(this.#folder, `${day}${ending}`);
  }

  #now(): number {
    return (this.#ports.now ?? Date.now)();
  }
}

interface KnownDay {
  readonly day: string;
  /** What stands in the file up to byte `end`. */
  readonly spent: readonly ModelSpending[];
  readonly end: number;
  /** The same with what this process has written since it read the file. */
  readonly known: readonly ModelSpending[];
}

function newDay(day: string): KnownDay {
  return { day, spent: [], end: 0, known: [] };
}

const ending = '.jsonl';

/** undefined: another file. */
function dayOf(name: string): string | undefined {
  return /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(name) ? name.slice(0, -ending.length) : undefined;
}

function sumOf(calls: readonly SpentCall[], before: readonly ModelSpending[] = []): readonly ModelSpending[] {
  return calls.reduce((sum, call) => addSpending(sum, call, call.usage), before);
}

function ledgerFailure(error: unknown, what: string): StoreError {
  const { code, message } = storeFailure(error, what);
  return new StoreError(code, message, {
    advice:
      'This window goes on counting what it spends itself; others may not see it. Look at that folder and the disk.',
    cause: error,
  });
}
