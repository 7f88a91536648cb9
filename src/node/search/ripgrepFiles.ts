import * as path from 'node:path';
import { guardedNames } from '../../core/sandbox/protectedPaths';
import type { PathBox } from '../pathBox';
import { gitIgnoresCase, hiddenNames, ignoreFiles } from './ignoreRules';
import { runRipgrep } from './runRipgrep';
import { VisibleFiles } from './visibleFiles';
import { WalkOrder } from './walkOrder';
import type { SearchStart } from './walk';

export interface RipgrepSearch {
  /** The program. */
  readonly file: string;
  /** The root that the start lies in, absolute. */
  readonly root: string;
  readonly start: SearchStart;
  /** In ripgrep's dialect. Undefined: every file is wanted. Those that hold secrets come anyway, so that they can be counted. */
  readonly text: { readonly rust: string; readonly caseSensitive: boolean } | undefined;
  /** A first choice of paths below the start, with `/`. */
  readonly select: (relatives: readonly string[]) => readonly string[];
  /**
   * Undefined: files that are too large to be looked at are left out by their size, which takes a look at every file. Else they are
   * read too, for so many milliseconds in all: then it fails as late.
   */
  readonly largeFilesMs: number | undefined;
  /** Names by which files are left out before they are opened, like `*.ts`. */
  readonly nameGlob: string | undefined;
}

/**
 * The absolute paths of files that may hold the text, in the order of `walk` and out of the same files. What they hold is for
 * the caller to read: ripgrep tells only where to look, so that nothing outside of the box is shown and both ways find the same.
 * @throws RipgrepFailure.
 */
export async function* ripgrepFiles(
  box: PathBox,
  search: RipgrepSearch,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const { start, text, nameGlob } = search;
  const found = new WalkOrder();
  // Of names alone ripgrep also tells where the ignore files are, so that nobody needs to look for them.
  const rules = text === undefined && nameGlob !== undefined ? new Set<string>() : undefined;
  await Promise.all([
    list(search, whatToFind(search), found, signal, rules),
    text && list(search, ['--files', ...secretGlobs], found, signal),
  ]);
  const visible = new VisibleFiles(box, start, signal, rules);
  for (const relative of found.paths()) {
    const file = path.join(start.folder, relative);
    if (await visible.shows(file)) yield file;
  }
}

function whatToFind({ text, nameGlob, largeFilesMs }: RipgrepSearch): readonly string[] {
  // It also lists what ignore files hide by name: that is left out later. A type would not, and takes a quarter longer.
  const names = nameGlob === undefined ? [] : ['--glob', nameGlob];
  if (!text) return ['--files', ...names, ...(nameGlob === undefined ? [] : ruleGlobs)];
  const sizes = largeFilesMs === undefined ? ['--max-filesize=10M'] : [];
  const how = ['--files-with-matches', '--no-multiline', ...sizes, '--engine=default'];
  return [...how, ...names, text.caseSensitive ? '--case-sensitive' : '--ignore-case', '--regexp', text.rust];
}

/** @param rules gets the absolute paths of the ignore files among those that are listed */
async function list(
  { file, root, start, select, text, largeFilesMs }: RipgrepSearch,
  what: readonly string[],
  found: WalkOrder,
  signal: AbortSignal,
  rules?: Set<string>,
): Promise<void> {
  const below = path.relative(root, start.folder).split(path.sep).join('/');
  const place = below === '' ? './' : `./${below}/`;
  const args = [...sameRules, ...rulesFromAbove(root, start), ...what, '--', place];
  const onPaths = (paths: readonly string[]): void => {
    for (const found of rules ? paths.filter(isIgnoreFile) : []) rules?.add(path.join(start.folder, found));
    select(paths).forEach((path) => found.add(path));
  };
  const limit = text && largeFilesMs !== undefined ? { timeLimitMs: largeFilesMs } : {};
  await runRipgrep({ file, cwd: root, args, prefix: place, ...limit }, onPaths, signal);
}

/** As our own walk: hidden names too, the .gitignore files from the start down and no other rules, no links. */
const sameRules = [
  '--hidden',
  '--no-follow',
  '--no-require-git',
  '--no-ignore-parent',
  '--no-ignore-dot',
  '--no-ignore-exclude',
  '--no-ignore-global',
  ...(gitIgnoresCase ? ['--ignore-file-case-insensitive'] : []),
  ...[...hiddenNames].flatMap((name) => ['--glob', `!${name}`]),
];

const ruleGlobs = Object.values(ignoreFiles).flatMap((name) => ['--glob', name]);

function isIgnoreFile(relative: string): boolean {
  return Object.values(ignoreFiles).some((name) => relative.endsWith(name));
}

/** What a .gitignore of the root hides need not be looked through. More than this ripgrep cannot be told; it is left out later. */
function rulesFromAbove(root: string, { folder, rules }: SearchStart): readonly string[] {
  const [first, ...more] = rules.gitFolders;
  if (folder === root || first !== root || more.length > 0) return [];
  return ['--ignore-file', path.join(root, '.gitignore')];
}

/** All that may be secret; the names decide, whatever is in the files. Names alone are one glob, which is a fifth cheaper. */
const secretGlobs: readonly string[] = ((): readonly string[] => {
  const { folders, files, patterns } = guardedNames('secret');
  const names = [...files, ...patterns];
  const paths = [...folders.map((folder) => `${folder}/**`), ...names.filter((name) => name.includes('/'))];
  const globs = [`{${names.filter((name) => !name.includes('/')).join(',')}}`, ...paths.map((place) => `**/${place}`)];
  return globs.flatMap((glob) => ['--iglob', glob]);
})();
