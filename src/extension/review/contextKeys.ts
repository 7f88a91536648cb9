import { commands } from 'vscode';

/** Keys for `when` clauses, `<prefix>.<name>`; told to the editor only when they change. */
export class ContextKeys {
  readonly #prefix: string;
  readonly #report: (problem: unknown) => void;
  /** As JSON. */
  readonly #values = new Map<string, string>();

  constructor(prefix: string, report: (problem: unknown) => void) {
    this.#prefix = prefix;
    this.#report = report;
  }

  /** @param value a list is for the operator `in` */
  set(name: string, value: boolean | readonly string[]): void {
    const known = JSON.stringify(value);
    if (this.#values.get(name) === known) return;
    this.#values.set(name, known);
    commands.executeCommand('setContext', `${this.#prefix}.${name}`, value).then(undefined, this.#report);
  }
}
