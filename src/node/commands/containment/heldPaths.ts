import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { hostPathRules, isInside } from '../../lexicalPath';
import { gitFoldersOf, repositoryAt, type GitFolders } from './gitFolders';
import { heldAtTop, secretsAtHome, settingsWithLogins } from './heldNames';
import { isThere } from './isThere';
import type { NameScan } from './nameScan';

export interface HeldPaths {
  /** Cannot be changed; not there: cannot be made. */
  readonly protect: readonly string[];
  /** What will stand in for those of `protect` that are not there: each file, or the topmost folder that it lacks. */
  readonly absent: readonly string[];
  /** Cannot be read. All of them exist. */
  readonly hide: readonly string[];
  /** Folders outside of the roots that git needs for a linked working tree. */
  readonly alsoWritable: readonly string[];
  /** The protected files and folders that are there, without what git has in its own folders. */
  readonly named: readonly string[];
  /** Folders that git reads settings from. */
  readonly repositories: readonly string[];
  /** What was not looked through, as the rest of a sentence; undefined: nothing. */
  readonly gap: string | undefined;
}

/** Finds what is protected and what is secret in the roots, as far as the scan looks, and in the home folder. */
export function findHeldPaths(roots: readonly string[], home: string, scan: NameScan): HeldPaths {
  const found = roots.map((root) => scan.look(root));
  const git = roots.map(gitFoldersOf);
  const nested = found.flatMap(({ working, withHead }) => [
    ...working.filter((folder) => !roots.includes(folder)).map(gitFoldersOf),
    ...withHead.filter(isRepository).map(repositoryAt),
  ]);
  const named = found.flatMap(({ protect }) => protect);
  const protect = new Set([...named, ...roots.flatMap(heldIn), ...[...git, ...nested].flatMap(({ held }) => held)]);
  const hide = new Set([...found.flatMap(({ hide }) => hide), ...secretsOf(home)]);
  // What packages of the sandbox itself leave open by default.
  for (const folder of ['.npm/_logs', '.claude/debug']) protect.add(path.join(home, folder));
  for (const folder of ['/tmp/claude', '/private/tmp/claude']) protect.add(folder);
  return {
    protect: [...protect],
    absent: [...protect].flatMap((file) => firstMissing(file, roots)),
    hide: [...hide],
    alsoWritable: git.flatMap(({ writable }) => writable),
    named,
    repositories: [...new Set(repositoriesOf([...git, ...nested]))],
    gap: found.find(({ gap }) => gap !== undefined)?.gap,
  };
}

function repositoriesOf(git: readonly GitFolders[]): readonly string[] {
  return git.flatMap(({ repositories }) => repositories);
}

/** By what git goes by, when nothing names the folder. */
function isRepository(folder: string): boolean {
  const has = (name: string): boolean => isThere(path.join(folder, name));
  return (has('objects') && has('refs')) || has('commondir');
}

/** Folders that are there are held as a whole, by their names. */
function heldIn(root: string): readonly string[] {
  return heldAtTop
    .filter((name) => !isThere(path.join(root, name.split('/')[0] ?? '')))
    .map((name) => path.join(root, name));
}

/** The file itself, or the topmost folder that it lacks; nothing where it is there or outside of the roots. */
export function firstMissing(file: string, roots: readonly string[]): readonly string[] {
  const root = roots.find((each) => isInside(each, file, hostPathRules, false));
  if (root === undefined || isThere(file)) return [];
  const parts = path.relative(root, file).split(path.sep);
  const ways = parts.map((_, index) => path.join(root, ...parts.slice(0, index + 1)));
  return ways.filter((way) => !isThere(way)).slice(0, 1);
}

function secretsOf(home: string): readonly string[] {
  const withLogins = settingsWithLogins.filter(({ path: name, login }) => login.test(textOf(path.join(home, name))));
  return [...secretsAtHome, ...withLogins.map(({ path: name }) => name)]
    .map((name) => path.join(home, name))
    .filter(isThere);
}

function textOf(file: string): string {
  try {
    return statSync(file).size > 1_000_000 ? '' : readFileSync(file, 'utf8');
  } catch {
    // Not there, or no file.
    return '';
  }
}
