import type { Uri } from 'vscode';
import type { HunkId } from '../../../core/edits/review';

export interface HunkCommand {
  readonly title: string;
  readonly command: string;
  /** `[address, hunk]`, JSON: they also travel in links. */
  readonly args: readonly [uri: string, id: HunkId];
}

/** What can be done with one hunk where it stands. */
export class HunkCommands {
  readonly #prefix: string;

  /** @param prefix of the commands' names, 'countersign' */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  of(uri: Uri, id: HunkId): readonly HunkCommand[] {
    return actions.map(([title, name]) => ({ title, command: this.name(name), args: [uri.toString(), id] }));
  }

  name(name: string): string {
    return `${this.#prefix}.${name}`;
  }
}

const actions: readonly (readonly [title: string, name: string])[] = [
  ['Accept', 'acceptHunk'],
  ['Reject', 'rejectHunk'],
  ['Reject with reason…', 'rejectHunkWithReason'],
  ['Comment…', 'commentHunk'],
];
