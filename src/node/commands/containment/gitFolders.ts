import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import * as path from 'node:path';
import { isThere } from './isThere';

export interface GitFolders {
  /** What makes git run programs: cannot be changed. */
  readonly held: readonly string[];
  /** Outside of the working tree, and needed to commit. */
  readonly writable: readonly string[];
  /** The folders that git reads settings from: the repository's own, and those of submodules and linked working trees in it. */
  readonly repositories: readonly string[];
}

const none: GitFolders = { held: [], writable: [], repositories: [] };
const maxInner = 1_000;

/** The repository of a folder that has `.git`, be it a folder or, in a linked working tree or a submodule, a file that names one. */
export function gitFoldersOf(folder: string): GitFolders {
  const dotGit = path.join(folder, '.git');
  const stat = lstatSync(dotGit, { throwIfNoEntry: false });
  if (stat === undefined) return none;
  if (stat.isDirectory()) return repositoryAt(dotGit);
  try {
    return stat.isFile() ? named(dotGit) : { ...repositoryAt(realpathSync(dotGit)), held: [dotGit] };
  } catch {
    // It names nothing that can be read: git does not work there either.
    return { ...none, held: [dotGit] };
  }
}

/** A repository's folder, with those inside of it. */
export function repositoryAt(gitFolder: string): GitFolders {
  const inner = [...modulesIn(path.join(gitFolder, 'modules')), ...foldersIn(path.join(gitFolder, 'worktrees'))];
  return {
    held: [
      ...settingsOf(gitFolder),
      ...inner.flatMap((each) => [...settingsOf(each), ...namesOf(each)].filter(isThere)),
    ],
    writable: [],
    repositories: [gitFolder, ...inner],
  };
}

function named(dotGit: string): GitFolders {
  const name = /^gitdir: (.+)\n?$/.exec(readFileSync(dotGit, 'utf8'))?.[1] ?? '';
  const own = realpathSync(path.resolve(path.dirname(dotGit), name));
  const main = mainOf(own);
  // A submodule, or somebody's invention.
  if (main === undefined) return { ...repositoryAt(own), held: [dotGit, ...settingsOf(own).filter(isThere)] };
  const back = realpathSync(readFileSync(path.join(own, 'gitdir'), 'utf8').trim());
  // Anyone can write a `.git` that names any folder; only a real repository names it in return.
  if (back !== realpathSync(dotGit) || path.dirname(own) !== path.join(main, 'worktrees'))
    return { held: [dotGit], writable: [], repositories: [own, main] };
  const { held, repositories } = repositoryAt(main);
  return { held: [dotGit, ...held], writable: [main], repositories };
}

/** The repository that a linked working tree's own folder belongs to; undefined: it is none. */
export function mainOf(own: string): string | undefined {
  const file = path.join(own, 'commondir');
  return isThere(file) ? realpathSync(path.resolve(own, readFileSync(file, 'utf8').trim())) : undefined;
}

function settingsOf(repository: string): readonly string[] {
  return ['config', 'hooks'].map((name) => path.join(repository, name));
}

/** What sends git on from a linked working tree's own folder. To be there in others breaks git. */
function namesOf(own: string): readonly string[] {
  return ['commondir', 'gitdir', 'config.worktree'].map((name) => path.join(own, name));
}

/** Submodules have slashes in their names, and submodules of their own. */
function modulesIn(folder: string): readonly string[] {
  const found: string[] = [];
  const queue = [...foldersIn(folder)];
  for (const each of queue.values()) {
    if (queue.length > maxInner) break;
    const isRepository = isThere(path.join(each, 'HEAD'));
    if (isRepository) found.push(each);
    queue.push(...foldersIn(isRepository ? path.join(each, 'modules') : each));
  }
  return found;
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  } catch {
    // Most repositories have none.
    return [];
  }
}
