import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import type { PathBox } from '../pathBox';
import { unlessFailing } from '../systemError';
import { problemOfAttributes } from './gitAttributes';
import { readGitIndex } from './gitIndex';
import { problemOfSettings } from './gitSettings';

const gone = ['ENOENT', 'ENOTDIR'];
const maxSettingsBytes = 256 * 1024;
const maxIndexBytes = 64 * 1024 * 1024;
const maxDepth = 4;

/**
 * Why git would not only read in this folder; undefined: it only reads, run with the harmless environment. Starts nothing.
 * @param folder real and inside the box. @param content whether what stands in tracked files would be shown.
 */
export async function problemOfRepository(folder: string, content: boolean, box: PathBox): Promise<string | undefined> {
  const top = await topOf(folder);
  if (top === undefined) return 'There is no git repository here: outside of one git reads whatever it is given.';
  if (top.kind === 'bare')
    return `${await box.displayOf(top.folder)} looks like a git repository without files: git would obey its settings.`;
  if (!(await box.contains(top.folder)))
    return 'The git repository begins above the workspace: git would show what lies there.';
  return problemAt(top.folder, content, box, 0);
}

type Top = { readonly kind: 'work' | 'bare'; readonly folder: string };

/** As git looks for it: upwards, `.git` first, then the folder itself. */
async function topOf(folder: string): Promise<Top | undefined> {
  for (let current = folder; ; current = path.dirname(current)) {
    if (await unlessFailing(gone, lstat(path.join(current, '.git')))) return { kind: 'work', folder: current };
    const parts = await Promise.all(
      ['HEAD', 'objects', 'refs'].map((name) => unlessFailing(gone, lstat(path.join(current, name)))),
    );
    if (parts.every((part) => part !== undefined)) return { kind: 'bare', folder: current };
    if (path.dirname(current) === current) return undefined;
  }
}

async function problemAt(top: string, content: boolean, box: PathBox, depth: number): Promise<string | undefined> {
  if (depth > maxDepth) return 'It holds repositories within repositories.';
  const where = await gitFolderOf(top, box);
  if (typeof where === 'string') return where;
  const { own, common } = where;
  for (const file of [path.join(common, 'config'), path.join(own, 'config.worktree')]) {
    const problem = await problemOfFile(file, (worktree) => path.resolve(own, worktree) === top);
    if (problem !== undefined) return problem;
  }
  return problemOfIndex(top, own, content, box, depth);
}

interface GitFolder {
  readonly own: string;
  readonly common: string;
}

/** Where the repository keeps its settings. A `.git` file counts only where the folder that it names points back. */
async function gitFolderOf(top: string, box: PathBox): Promise<GitFolder | string> {
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

async function problemOfFile(file: string, isItsFolder: (worktree: string) => boolean): Promise<string | undefined> {
  const found = await unlessFailing(gone, lstat(file));
  if (!found) return undefined;
  if (!found.isFile() || found.size > maxSettingsBytes) return 'Its settings are not a plain file.';
  return problemOfSettings(await readFile(file, 'utf8'), isItsFolder);
}

async function problemOfIndex(
  top: string,
  own: string,
  content: boolean,
  box: PathBox,
  depth: number,
): Promise<string | undefined> {
  const file = path.join(own, 'index');
  const found = await unlessFailing(gone, lstat(file));
  if (!found) return undefined;
  const index = found.isFile() && found.size <= maxIndexBytes ? readGitIndex(await readFile(file)) : undefined;
  if (!index) return 'Its index has a form that is not known.';
  const secret = content ? index.paths.find(isSecretPath) : undefined;
  if (secret !== undefined) return `${JSON.stringify(secret)} is tracked, and git would show what stands in it.`;
  const attributes = content ? await problemOfAttributes(top, own, index.paths) : undefined;
  if (attributes !== undefined) return attributes;
  for (const inner of index.repositories) {
    const folder = path.join(top, inner);
    const isThere = await unlessFailing(gone, stat(path.join(folder, '.git')));
    const problem = isThere && (await problemAt(await realpath(folder), content, box, depth + 1));
    if (typeof problem === 'string') return `In ${JSON.stringify(inner)}: ${problem}`;
  }
  return undefined;
}
