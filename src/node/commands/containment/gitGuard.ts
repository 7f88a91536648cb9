import * as fs from 'node:fs';
import * as path from 'node:path';
import { withoutPrograms } from '../gitSettings';
import { mainOf } from './gitFolders';
import { isThere } from './isThere';

/** What must be known of the repositories before a command runs: see `tameRepositories`. */
export interface KnownRepositories {
  readonly folders: ReadonlySet<string>;
  /** Files that send git to other settings and were there. */
  readonly redirects: ReadonlySet<string>;
  /** Undefined: all were found. Else those that were not are told by their change time, which no command can set back. */
  readonly foundUntilMs: number | undefined;
}

const redirects = ['commondir', 'config.worktree'];
const maxConfigBytes = 1_000_000;
/** How coarse the clocks of file systems are. */
const clockMs = 2_000;
const aside = '.countersign-held';

export function knownRepositories(folders: readonly string[], isComplete: boolean): KnownRepositories {
  return {
    foundUntilMs: isComplete ? undefined : Date.now(),
    folders: new Set(folders),
    redirects: new Set(folders.flatMap((each) => redirects.map((name) => path.join(each, name))).filter(isThere)),
  };
}

/**
 * A command can make a repository, and what its settings and hooks name is executed at the next `git status` of anybody,
 * outside of the sandbox; editors run that by themselves. So after a command the executing settings are taken out of
 * repositories that have appeared, and what would send the others to other settings is taken away: that cannot be held, for
 * to be there at all breaks git. A plain `git init` or `git clone` has nothing of the kind and stays as it is.
 * @param folders those that there are now, which the command could write to
 * @returns a sentence for each change
 */
export function tameRepositories(folders: readonly string[], before: KnownRepositories): readonly string[] {
  const now = new Set(folders);
  return folders.flatMap((folder) => {
    try {
      // Only what is reached without a link lies where the command could write.
      if (fs.realpathSync(folder) !== folder) return [];
      const sentences = [...tameRedirect(folder, now, before)];
      const worktree = path.join(folder, 'config.worktree');
      if (!before.redirects.has(worktree)) sentences.push(...tameSettings(worktree, before));
      if (before.folders.has(folder)) return sentences;
      return [
        ...sentences,
        ...tameSettings(path.join(folder, 'config'), before),
        ...tameHooks(path.join(folder, 'hooks'), before),
      ];
    } catch (error) {
      return [
        `Look at ${folder} before you use git there: it is new, and its settings could not be checked (${String(error)}).`,
      ];
    }
  });
}

function tameRedirect(folder: string, now: ReadonlySet<string>, before: KnownRepositories): readonly string[] {
  const file = path.join(folder, 'commondir');
  if (before.redirects.has(file) || !isNew(file, before)) return [];
  const main = fs.lstatSync(file).isFile() ? mainOf(folder) : undefined;
  // A new linked working tree of a repository that is looked at itself.
  if (main !== undefined && now.has(main) && path.dirname(folder) === path.join(main, 'worktrees')) return [];
  fs.rmSync(file, { recursive: true, force: true });
  return [`It made ${file}, which sends git to other settings: it was removed.`];
}

/** Whether a file that was not known is a new one. */
export function isNew(file: string, { foundUntilMs }: Pick<KnownRepositories, 'foundUntilMs'>): boolean {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && (foundUntilMs === undefined || stat.ctimeMs > foundUntilMs - clockMs);
}

function tameSettings(file: string, before: KnownRepositories): readonly string[] {
  if (!isNew(file, before)) return [];
  const text = textOf(file);
  const { text: harmless, taken } = withoutPrograms(text ?? '');
  if (text !== undefined && taken.length === 0) return [];
  putAside(file);
  // Only as a new file: nothing that somebody puts there in the meantime is written through.
  if (text !== undefined) fs.writeFileSync(file, harmless, { flag: 'wx' });
  const what = text === undefined ? '' : ` (${taken.slice(0, 5).join(', ')}${taken.length > 5 ? ', …' : ''})`;
  return [
    `It wrote settings that can make git run programs${what} into ${file}: they were taken out and are in ${path.basename(file)}${aside}.`,
  ];
}

function tameHooks(folder: string, before: KnownRepositories): readonly string[] {
  if (!isNew(folder, before)) return [];
  const files = fs.lstatSync(folder).isDirectory()
    ? fs
        .readdirSync(folder)
        .filter((name) => !name.endsWith('.sample') && !name.endsWith(aside))
        .map((name) => path.join(folder, name))
    : [folder];
  for (const file of files) putAside(file);
  return files.map(
    (file) => `It made ${file}, which git would execute: it was renamed to ${path.basename(file)}${aside}.`,
  );
}

/** Undefined: no plain file, or too long for settings. */
function textOf(file: string): string | undefined {
  if (!fs.lstatSync(file).isFile()) return undefined;
  const handle = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(handle);
    return stat.isFile() && stat.size <= maxConfigBytes ? fs.readFileSync(handle, 'utf8') : undefined;
  } finally {
    fs.closeSync(handle);
  }
}

function putAside(file: string): void {
  try {
    fs.renameSync(file, `${file}${aside}`);
  } catch {
    // A folder has that name: the copy is worth less than safety.
    fs.rmSync(file, { recursive: true, force: true });
  }
}
