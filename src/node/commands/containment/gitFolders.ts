import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import * as path from 'node:path';

export interface GitFolders {
  /** What makes git run programs: cannot be changed. */
  readonly held: readonly string[];
  /** Outside of the working tree, and needed to commit. */
  readonly writable: readonly string[];
  /** The repository's folder, where `commondir` must not appear. */
  readonly main: string | undefined;
}

const none: GitFolders = { held: [], writable: [], main: undefined };

/** The repository of a folder that has `.git`, be it a folder or, in a linked working tree, a file that names one. */
export function gitFoldersOf(folder: string): GitFolders {
  const dotGit = path.join(folder, '.git');
  const stat = lstatSync(dotGit, { throwIfNoEntry: false });
  if (stat === undefined) return none;
  if (stat.isDirectory()) return { held: heldIn(dotGit), writable: [], main: dotGit };
  try {
    return linked(dotGit);
  } catch {
    // It names nothing that can be read: git does not work there either.
    return { ...none, held: [dotGit] };
  }
}

function linked(dotGit: string): GitFolders {
  const named = /^gitdir: (.+)\n?$/.exec(readFileSync(dotGit, 'utf8'))?.[1] ?? '';
  const own = realpathSync(path.resolve(path.dirname(dotGit), named));
  const main = realpathSync(path.resolve(own, readFileSync(path.join(own, 'commondir'), 'utf8').trim()));
  const back = realpathSync(readFileSync(path.join(own, 'gitdir'), 'utf8').trim());
  // Anyone can write a `.git` that names any folder; only a real repository names it in return.
  if (back !== realpathSync(dotGit) || path.dirname(own) !== path.join(main, 'worktrees'))
    return { ...none, held: [dotGit] };
  return {
    held: [dotGit, ...heldIn(main), ...['commondir', 'gitdir'].map((name) => path.join(own, name))],
    writable: [main],
    main,
  };
}

function heldIn(repository: string): readonly string[] {
  return [path.join(repository, 'config'), path.join(repository, 'hooks')];
}
