import { lstatSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { gitFoldersOf } from './gitFolders';

/** In a repository's main folder these send git to other settings, which name programs to run. They cannot be held: to be there at all breaks git. */
const redirects = ['commondir', 'config.worktree'];

/** Remembers which redirections there are before a command runs. */
export function guardGitFolders(roots: readonly string[]): {
  /** Takes away what has appeared since. @returns a sentence for each. */
  restore(): readonly string[];
} {
  const files = roots
    .flatMap((root) => gitFoldersOf(root).main ?? [])
    .flatMap((main) => redirects.map((name) => path.join(main, name)))
    .filter((file) => !isThere(file));
  return {
    restore: () =>
      files.filter(isThere).map((file) => {
        rmSync(file, { recursive: true, force: true });
        return `It made ${file}, which sends git to other settings: it was removed.`;
      }),
  };
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
