import { lstatSync } from 'node:fs';
import * as path from 'node:path';
import type { FolderEntry } from '../openInside';
import type { PathBox } from '../pathBox';
import { ignoreFiles, type IgnoreRules } from './ignoreRules';
import { withRulesOf, type SearchStart } from './walk';

/** Says of single files what a walk would have said: whether it would have come to them. Looks at each folder once. */
export class VisibleFiles {
  readonly #box: PathBox;
  readonly #signal: AbortSignal;
  /** By absolute path; undefined: hidden. */
  readonly #folders = new Map<string, IgnoreRules | undefined>();
  readonly #start: SearchStart;

  constructor(box: PathBox, start: SearchStart, signal: AbortSignal) {
    this.#box = box;
    this.#start = start;
    this.#signal = signal;
  }

  /** @param file absolute, below the start. */
  async shows(file: string): Promise<boolean> {
    const rules = await this.#rulesIn(path.dirname(file));
    return rules !== undefined && !rules.hides(file, false);
  }

  async #rulesIn(folder: string): Promise<IgnoreRules | undefined> {
    if (this.#folders.has(folder)) return this.#folders.get(folder);
    const isStart = folder === this.#start.folder;
    const inherited = isStart ? this.#start.rules : await this.#rulesIn(path.dirname(folder));
    const isHidden = inherited === undefined || (!isStart && (inherited.hides(folder, true) || !isFolder(folder)));
    const rules = isHidden
      ? undefined
      : await withRulesOf(this.#box, folder, inherited, this.#signal, ignoreFilesIn(folder));
    this.#folders.set(folder, rules);
    return rules;
  }
}

// Looking at a name takes microseconds here; going through the thread pool would take twenty times as long.

function isFolder(folder: string): boolean {
  return kindOf(folder) === 'directory';
}

function ignoreFilesIn(folder: string): readonly FolderEntry[] {
  return Object.values(ignoreFiles).flatMap((name) => {
    const kind = kindOf(path.join(folder, name));
    return kind === undefined ? [] : [{ name, kind }];
  });
}

function kindOf(target: string): FolderEntry['kind'] | undefined {
  try {
    const found = lstatSync(target, { throwIfNoEntry: false });
    if (!found) return undefined;
    return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other';
  } catch {
    return undefined; // Forbidden, or gone with its folder: a walk would not have seen it either.
  }
}
