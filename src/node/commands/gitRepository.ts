import { access, constants, lstat, readFile, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import type { PathBox } from '../pathBox';
import { unlessFailing } from '../systemError';
import { problemOfAttributes } from './gitAttributes';
import { readGitIndex, type GitIndex } from './gitIndex';
import { problemOfSettings } from './gitSettings';

const gone = ['ENOENT', 'ENOTDIR'];
const maxSettingsBytes = 256 * 1024;
const maxIndexBytes = 64 * 1024 * 1024;
const maxDepth = 4;
const maxHeadBytes = 4_096;

export interface RepositoryOptions {
  /** Whether what stands in tracked files would be shown. */
  readonly content: boolean;
  readonly box: Pick<PathBox, 'contains' | 'displayOf'>;
}

/**
 * Why git would not only read in this folder; undefined: it only reads, run with the harmless environment. Starts nothing.
 * @param folder real and inside the box.
 */
export async function problemOfRepository(
  folder: string,
  options: RepositoryOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { box } = options;
  const top = await topOf(folder);
  if (top === undefined) return 'There is no git repository here: outside of one git reads whatever it is given.';
  if (top.kind === 'bare')
    return `${await box.displayOf(top.folder)} looks like a git repository without files: git would obey its settings.`;
  if (!(await box.contains(top.folder)))
    return 'The git repository begins above the workspace: git would show what lies there.';
  return problemAt(top.folder, options, 0, signal);
}

type Top = { readonly kind: 'work' | 'bare'; readonly folder: string };

/** As git looks for it: upwards, `.git` first, then the folder itself. */
async function topOf(folder: string): Promise<Top | undefined> {
  for (let current = folder; ; current = path.dirname(current)) {
    if (await unlessFailing(gone, lstat(path.join(current, '.git')))) return { kind: 'work', folder: current };
    const [head, objects, refs, common] = await Promise.all(
      ['HEAD', 'objects', 'refs', 'commondir'].map((name) => unlessFailing(gone, lstat(path.join(current, name)))),
    );
    if (head && ((objects && refs) || common)) return { kind: 'bare', folder: current };
    if (path.dirname(current) === current) return undefined;
  }
}

async function problemAt(
  top: string,
  options: RepositoryOptions,
  depth: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (depth > maxDepth) return 'It holds repositories within repositories.';
  const where = await gitFolderOf(top, options.box);
  if (typeof where === 'string') return where;
  const { own, common } = where;
  if (!(await isGitFolder(where)))
    return `${await options.box.displayOf(path.join(top, '.git'))} is no whole repository: git would obey another one.`;
  for (const file of [path.join(common, 'config'), path.join(own, 'config.worktree')]) {
    const problem = await problemOfFile(file, (worktree) => path.resolve(own, worktree) === top);
    if (problem !== undefined) return problem;
  }
  return problemOfIndex(top, where, options, depth, signal);
}

interface GitFolder {
  readonly own: string;
  readonly common: string;
}

/** Where the repository keeps its settings. A `.git` file counts only where the folder that it names points back. */
async function gitFolderOf(top: string, box: RepositoryOptions['box']): Promise<GitFolder | string> {
  const link = path.join(top, '.git');
  const kind = await lstat(link);
  const elsewhere = 'Its .git leads to another folder, whose settings git would obey.';
  let own = link;
  if (!kind.isDirectory()) {
    if (!kind.isFile() || kind.size > 4_096) return elsewhere;
    const named = /^gitdir: ([^\n\r]+)\n?$/.exec(await readFile(link, 'utf8'))?.[1];
    if (named === undefined) return elsewhere;
    own = await realpath(path.resolve(top, named));
    const back = await unlessFailing(gone, readFile(path.join(own, 'gitdir'), 'utf8'));
    const isWorktree = back !== undefined && path.resolve(own, back.trim()) === link;
    if (!isWorktree && !(await box.contains(own))) return elsewhere;
  }
  const common = await unlessFailing(gone, readFile(path.join(own, 'commondir'), 'utf8'));
  if (common === undefined) return { own, common: own };
  // Only work trees have one, and theirs is two folders up.
  const folder = await realpath(path.resolve(own, common.trim()));
  return folder === path.resolve(own, '../..') ? { own, common: folder } : elsewhere;
}

/** As git sees it; what it does not take for a repository it leaves out, and looks further up. */
async function isGitFolder({ own, common }: GitFolder): Promise<boolean> {
  const head = path.join(own, 'HEAD');
  const found = await unlessFailing(gone, lstat(head));
  if (!found?.isFile() || found.size > maxHeadBytes) return false;
  if (!/^(?:ref:[ \t]*refs\/|[0-9a-f]{40}\s)/.test(await readFile(head, 'latin1'))) return false;
  const folders = ['objects', 'refs'].map(async (name) => {
    const folder = path.join(common, name);
    const isThere = (await unlessFailing(gone, lstat(folder)))?.isDirectory() === true;
    return (
      isThere &&
      (await unlessFailing(
        [...gone, 'EACCES'],
        access(folder, constants.X_OK).then(() => true),
      ))
    );
  });
  return (await Promise.all(folders)).every((isThere) => isThere === true);
}

async function problemOfFile(file: string, isItsFolder: (worktree: string) => boolean): Promise<string | undefined> {
  const found = await unlessFailing(gone, lstat(file));
  if (!found) return undefined;
  if (!found.isFile() || found.size > maxSettingsBytes) return 'Its settings are not a plain file.';
  return problemOfSettings(await readFile(file, 'utf8'), isItsFolder);
}

async function problemOfIndex(
  top: string,
  { own, common }: GitFolder,
  options: RepositoryOptions,
  depth: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { content } = options;
  const file = path.join(own, 'index');
  const found = await unlessFailing(gone, lstat(file));
  const read = async (): Promise<GitIndex | undefined> =>
    found?.isFile() && found.size <= maxIndexBytes ? readGitIndex(await readFile(file)) : undefined;
  const index = found ? await read() : { paths: [], repositories: [] };
  if (!index) return 'Its index has a form that is not known.';
  const secret = content ? index.paths.find(isSecretPath) : undefined;
  if (secret !== undefined) return `${JSON.stringify(secret)} is tracked, and git would show what stands in it.`;
  const attributes = content ? await problemOfAttributes(top, common, index.paths, signal) : undefined;
  if (attributes !== undefined) return attributes;
  for (const inner of index.repositories) {
    const folder = path.join(top, inner);
    const isThere = await unlessFailing(gone, stat(path.join(folder, '.git')));
    const problem = isThere && (await problemAt(await realpath(folder), options, depth + 1, signal));
    if (typeof problem === 'string') return `In ${JSON.stringify(inner)}: ${problem}`;
  }
  return undefined;
}
