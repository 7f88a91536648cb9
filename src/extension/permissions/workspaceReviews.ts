import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Reviews } from '../../core/permission/reviews';

const key = 'unreviewed';

/** What agents edited unseen in this workspace, over reloads of its window. */
export class WorkspaceReviews implements Reviews {
  readonly #memento: vscode.Memento;
  readonly #reportError: (what: string, error: unknown) => void;
  readonly #paths: Set<string>;

  constructor(memento: vscode.Memento, reportError: (what: string, error: unknown) => void) {
    this.#memento = memento;
    this.#reportError = reportError;
    const known = z.array(z.string()).safeParse(memento.get(key) ?? []);
    this.#paths = new Set(known.success ? known.data : ['(a list that cannot be read)']);
  }

  unreviewed(): readonly string[] {
    return [...this.#paths];
  }

  landedUnseen(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path);
    this.#keep();
  }

  reviewed(paths: readonly string[]): void {
    for (const path of paths) this.#paths.delete(path);
    this.#keep();
  }

  #keep(): void {
    const failed = (error: unknown): void => this.#reportError('What was edited unseen could not be noted', error);
    this.#memento.update(key, [...this.#paths]).then(undefined, failed);
  }
}
