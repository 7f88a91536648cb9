import * as path from 'node:path';
import ignore from 'ignore';
import { boundedPatterns, maxDepth } from './boundedPatterns';

/** Hides files from listing and search. Ours holds even for folders that a search names itself. */
export const ignoreFiles = { git: '.gitignore', own: '.countersignignore' } as const;
export type IgnoreKind = keyof typeof ignoreFiles;

/** Never worth a look unless a search begins inside of them. */
export const hiddenNames: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** As git does by default. Ours hides, if in doubt, what has the same letters. */
export const gitIgnoresCase = process.platform === 'win32' || process.platform === 'darwin';

interface Layer {
  readonly folder: string;
  readonly rules: { test(path: string): { readonly ignored: boolean; readonly unignored: boolean } };
}

/** The ignore files from a root down to a folder; those further down win. Immutable. */
export class IgnoreRules {
  readonly #layers: Readonly<Record<IgnoreKind, readonly Layer[]>>;

  constructor(layers: Readonly<Record<IgnoreKind, readonly Layer[]>> = { git: [], own: [] }) {
    this.#layers = layers;
  }

  with(kind: IgnoreKind, folder: string, text: string): IgnoreRules {
    const ignorecase = kind === 'own' || gitIgnoresCase;
    const layer = { folder, rules: ignore({ allowRelativePaths: false, ignorecase }).add(boundedPatterns(text)) };
    return new IgnoreRules({ ...this.#layers, [kind]: [...this.#layers[kind], layer] });
  }

  /** For a search that begins in a folder which git ignores: whoever names it wants to see into it. */
  withoutGit(): IgnoreRules {
    return new IgnoreRules({ ...this.#layers, git: [] });
  }

  /** The folders whose .gitignore holds. */
  get gitFolders(): readonly string[] {
    return this.#layers.git.map(({ folder }) => folder);
  }

  hides(target: string, isFolder: boolean): boolean {
    return (
      hiddenNames.has(path.basename(target)) ||
      this.hidesBy('git', target, isFolder) ||
      this.hidesBy('own', target, isFolder)
    );
  }

  hidesBy(kind: IgnoreKind, target: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.#layers[kind].toReversed()) {
      if (!target.startsWith(folder)) continue;
      const place = folder.endsWith(path.sep) ? folder.length : folder.length + 1;
      if (target.length <= place || target[place - 1] !== path.sep) continue;
      const relative = path.sep === '/' ? target.slice(place) : target.slice(place).split(path.sep).join('/');
      if (relative.split('/').length > maxDepth) return true;
      const { ignored, unignored } = rules.test(isFolder ? `${relative}/` : relative);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}
