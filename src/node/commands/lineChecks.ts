import type { Check } from '../../core/shell/grammar';
import type { PathBox } from '../pathBox';
import { problemOfCheck } from './commandChecks';
import { WalkBudget } from './secretsBelow';

/** Looks at the disk for the commands of one line: once for each check, and within one budget for all of them. */
export class LineChecks {
  readonly #box: PathBox;
  readonly #variables: Readonly<Record<string, string | undefined>>;
  readonly #signal: AbortSignal;
  readonly #budget = new WalkBudget();
  readonly #known = new Map<string, Promise<string | undefined>>();

  /** @param variables that commands get. */
  constructor(box: PathBox, variables: Readonly<Record<string, string | undefined>>, signal: AbortSignal) {
    this.#box = box;
    this.#variables = variables;
    this.#signal = signal;
  }

  /** All that does not hold, not the first only. @param folder where the command runs: real and inside the box. */
  async problemsOf(
    checks: readonly Check[],
    folder: string,
  ): Promise<readonly { readonly check: Check; readonly problem: string }[]> {
    const found: { check: Check; problem: string }[] = [];
    for (const check of checks) {
      const problem = await this.#problemOf(check, folder);
      if (problem !== undefined) found.push({ check, problem });
    }
    return found;
  }

  #problemOf(check: Check, folder: string): Promise<string | undefined> {
    const key = JSON.stringify([check, folder]);
    const known =
      this.#known.get(key) ?? problemOfCheck(check, folder, this.#box, this.#variables, this.#budget, this.#signal);
    this.#known.set(key, known);
    return known;
  }
}
