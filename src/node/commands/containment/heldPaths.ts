import { lstatSync, readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import * as path from 'node:path';
import { gitFoldersOf } from './gitFolders';
import { heldAtTop, kindOfName, secretsAtHome, settingsWithLogins } from './heldNames';

export interface HeldPaths {
  /** Cannot be changed; not there: cannot be made. */
  readonly protect: readonly string[];
  /** What will stand in for those of `protect` that are not there: each file, or the topmost folder that it lacks. */
  readonly absent: readonly string[];
  /** Cannot be read. All of them exist. */
  readonly hide: readonly string[];
  /** Folders outside of the roots that git needs for a linked working tree. */
  readonly alsoWritable: readonly string[];
}

const maxFolders = 4_000;
const maxEntries = 50_000;
const maxDepth = 8;
const notEntered: ReadonlySet<string> = new Set(['node_modules', '.venv', 'target', '__pycache__']);

/**
 * Finds what is protected and what is secret in the roots and in the home folder. Looks at 4,000 folders and
 * 50,000 names of each root at most, the upper ones first, and not into installed packages.
 */
export function findHeldPaths(roots: readonly string[], home: string): HeldPaths {
  const found = roots.map(lookThrough);
  const protect = new Set(found.flatMap(({ protect }) => protect));
  for (const file of roots.flatMap(heldIn)) protect.add(file);
  const git = roots.map(gitFoldersOf);
  for (const { held } of git) for (const file of held) protect.add(file);
  const hide = new Set(found.flatMap(({ hide }) => hide));
  for (const file of secretsOf(home)) hide.add(file);
  // What packages of the sandbox itself leave open by default.
  for (const folder of ['.npm/_logs', '.claude/debug']) protect.add(path.join(home, folder));
  for (const folder of ['/tmp/claude', '/private/tmp/claude']) protect.add(folder);
  return {
    protect: [...protect],
    absent: [...protect].flatMap((file) => firstMissing(file, roots)),
    hide: [...hide],
    alsoWritable: git.flatMap(({ writable }) => writable),
  };
}

export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}

/** Folders that are there are held as a whole, by their names. */
function heldIn(root: string): readonly string[] {
  return heldAtTop
    .filter((name) => !isThere(path.join(root, name.split('/')[0] ?? '')))
    .map((name) => path.join(root, name));
}

/** The file itself, or the topmost folder that it lacks; nothing where it is there or outside of the roots. */
export function firstMissing(file: string, roots: readonly string[]): readonly string[] {
  const root = roots.find((each) => isInside(file, each));
  if (root === undefined || isThere(file)) return [];
  const parts = path.relative(root, file).split(path.sep);
  const ways = parts.map((_, index) => path.join(root, ...parts.slice(0, index + 1)));
  return ways.filter((way) => !isThere(way)).slice(0, 1);
}

function lookThrough(root: string): { readonly protect: readonly string[]; readonly hide: readonly string[] } {
  const protect: string[] = [];
  const hide: string[] = [];
  let level = [root];
  let left = maxFolders;
  let names = maxEntries;
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level.slice(0, left)) {
      const entries = entriesOf(folder).slice(0, names);
      names -= entries.length;
      const above = path.relative(root, folder).split(path.sep);
      for (const entry of entries) {
        const file = path.join(folder, entry.name);
        const kind = kindOfName(entry.name, above);
        if (entry.name === '.git') protect.push(...(folder === root ? [] : gitFoldersOf(folder).held));
        else if (kind === 'secret') hide.push(file);
        else if (kind === 'protected') protect.push(file);
        else if (entry.isDirectory() && !notEntered.has(entry.name)) next.push(file);
      }
    }
    left -= level.length;
    if (left <= 0) break;
    level = next;
  }
  return { protect, hide };
}

function secretsOf(home: string): readonly string[] {
  const withLogins = settingsWithLogins.filter(({ path: name, login }) => login.test(textOf(path.join(home, name))));
  return [...secretsAtHome, ...withLogins.map(({ path: name }) => name)]
    .map((name) => path.join(home, name))
    .filter(isThere);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read: then it is not the command's either.
    return [];
  }
}

function textOf(file: string): string {
  try {
    return statSync(file).size > 1_000_000 ? '' : readFileSync(file, 'utf8');
  } catch {
    // Not there, or no file.
    return '';
  }
}

export function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
