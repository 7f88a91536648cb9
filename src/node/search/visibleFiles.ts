import { lstatSync } from 'node:fs';
import * as path from 'node:path';
import type { FolderEntry } from '../openInside';
import type { PathBox } from '../pathBox';
import { ignoreFiles, type IgnoreRules } from './ignoreRules';
import { withRulesOf, type SearchStart } from './walk';

/**
 * Says of single files that ripgrep came to what a walk would have said: whether it would have come to them. Looks at each
 * folder once, and takes from ripgrep that there is no link on the way.
 */
export class VisibleFiles {
  readonly #box: PathBox;
  readonly #signal: AbortSignal;
  /** By absolute path; undefined: hidden. */
  readonly #folders = new Map<string, IgnoreRules | undefined>();
  readonly #start: SearchStart;
  readonly #ignoreFiles: ReadonlySet<string> | undefined;

  /** @param ignoreFiles absolute paths of all ignore files on the way to the files. Default: they are looked for. */
  constructor(box: PathBox, start: SearchStart, signal: AbortSignal, ignoreFiles?: ReadonlySet<string>) {
    this.#box = box;
    this.#start = start;
    this.#signal = signal;
    this.#ignoreFiles = ignoreFiles;
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
    const isHidden = inherited === undefined || (!isStart && inherited.hides(folder, true));
    const rules = isHidden
      ? undefined
      : await withRulesOf(this.#box, folder, inherited, this.#signal, this.#ignoreFilesIn(folder));
    this.#folders.set(folder, rules);
    return rules;
  }

  #ignoreFilesIn(folder: string): readonly FolderEntry[] {
    return Object.values(ignoreFiles).flatMap((name) => {
      const file = path.join(folder, name);
      if (this.#ignoreFiles && !this.#ignoreFiles.has(file)) return [];
      const kind = kindOf(file);
      return kind === undefined ? [] : [{ name, kind }];
    });
  }
}

/** Looking at a name takes microseconds here; going through the thread pool would take twenty times as long. */
function kindOf(target: string): FolderEntry['kind'] | undefined {
  try {
    const found = lstatSync(target, { throwIfNoEntry: false });
    if (!found) return undefined;
    return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other';
  } catch {
    return undefined; // Forbidden, or gone with its folder: a walk would not have seen it either.
  }
}
