import { lstat, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isCostlyPattern } from '../search/boundedPatterns';
import { systemCodeOf, unlessFailing } from '../systemError';

/** Strongest first. */
const kinds = ['.rgignore', '.ignore', '.gitignore', '.git/info/exclude'] as const;
/** The first of those that hold only within a repository. */
const firstOfGit = 2;

interface Layer {
  readonly folder: string;
  /** A repository begins here: git's rules from above end. */
  readonly isTop: boolean;
  /** One for each kind. */
  readonly rules: readonly (Ignore | undefined)[];
}

/** What ripgrep leaves out: hidden files, and what ignore files name. Whatever is in doubt is searched. Immutable. */
export class RipgrepRules {
  readonly #layers: readonly Layer[];

  private constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** All that holds in a folder by the folders above it, outside of the workspace too. @param folder real. */
  static async above(folder: string): Promise<RipgrepRules> {
    let rules = new RipgrepRules([]);
    const { root } = path.parse(folder);
    const names = path.relative(root, folder).split(path.sep);
    for (const at of names.keys()) {
      const place = path.join(root, ...names.slice(0, at));
      if (place !== folder) rules = await rules.with(place, undefined);
    }
    return rules;
  }

  /** With those of a folder itself. @param names what lies in it, undefined: not known. */
  async with(folder: string, names: ReadonlySet<string> | undefined): Promise<RipgrepRules> {
    const files = kinds.filter((kind) => names?.has(kind.split('/')[0] ?? kind) !== false);
    if (files.length === 0) return this;
    const git = await unlessFailing(unseen, lstat(path.join(folder, '.git')));
    const rules = await Promise.all(
      kinds.map(async (kind) => (files.includes(kind) ? rulesOf(folder, kind) : undefined)),
    );
    // A file leads to another folder that has such rules, nobody knows which.
    if (git && !git.isDirectory()) rules[kinds.length - 1] = ignore().add('!**');
    if (!git && rules.every((one) => one === undefined)) return this;
    return new RipgrepRules([...this.#layers, { folder, isTop: git !== undefined, rules }]);
  }

  searches(target: string, isFolder: boolean): boolean {
    const isInRepository = this.#layers.some(({ isTop }) => isTop);
    for (const kind of kinds.keys())
      for (const { folder, isTop, rules } of this.#layers.toReversed()) {
        const verdict = rules[kind] && verdictOf(rules[kind], path.relative(folder, target), isFolder);
        if (verdict === 'searched') return true;
        if (verdict === 'ignored' && (kind < firstOfGit || isInRepository)) return false;
        if (kind >= firstOfGit && isTop) break;
      }
    return !path.basename(target).startsWith('.');
  }
}

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'];

/** ripgrep asks for the path alone: in a folder that is searched although it is ignored, the rules that did so say nothing. */
function verdictOf(rules: Ignore, relative: string, isFolder: boolean): 'ignored' | 'searched' | undefined {
  const name = relative.split(path.sep).join('/');
  const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name);
  if (unignored) return 'searched';
  if (!ignored) return undefined;
  const above = path.posix.dirname(name);
  return above !== '.' && rules.test(`${above}/`).ignored ? 'searched' : 'ignored';
}

async function rulesOf(folder: string, kind: string): Promise<Ignore | undefined> {
  try {
    const text = await readFile(path.join(folder, kind), 'utf8');
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
    const plain = lines.flatMap((line) => (isCostlyPattern(line) ? (line.startsWith('!') ? ['!**'] : []) : [line]));
    return ignore({ allowRelativePaths: false, ignorecase: false }).add(plain);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}
