import { commands } from 'vscode';

/** Keys for `when` clauses, `<prefix>.<name>`; told to the editor only when they change. */
export class ContextKeys {
  readonly #prefix: string;
  readonly #report: (problem: unknown) => void;
  readonly #values = new Map<string, boolean>();

  constructor(prefix: string, report: (problem: unknown) => void) {
    this.#prefix = prefix;
    this.#report = report;
  }

  set(name: string, value: boolean): void {
    if (this.#values.get(name) === value) return;
    this.#values.set(name, value);
    commands.executeCommand('setContext', `${this.#prefix}.${name}`, value).then(undefined, this.#report);
  }
}
