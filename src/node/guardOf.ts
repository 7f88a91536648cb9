import { lstat } from 'node:fs/promises';
import * as path from 'node:path';
import { guardedPath } from '../core/sandbox/protectedPaths';
import type { GuardedPath } from '../core/sandbox/sandbox';
import { holdsLogin } from './logins';
import { unlessFailing } from './systemError';

/**
 * What speaks against touching a real path unasked. It is judged below every folder that holds it, each with its own name, so
 * that opening `.git/hooks` or `.github` as a workspace folder takes the guard off nothing; outside of all as a whole.
 * @param folders real folders that hold it.
 */
export function guardBelow(folders: readonly string[], real: string): GuardedPath | undefined {
  const seen = folders.length === 0 ? [real] : folders.map((folder) => namedFrom(folder, real));
  const found = seen.flatMap((relative) => guardedPath(relative) ?? []);
  return found.find(({ kind }) => kind === 'secret') ?? found[0];
}

/** A path says nothing of the other names that a file has: a change may reach what is guarded under one of them. */
export async function guardOfLinks(real: string): Promise<GuardedPath | undefined> {
  const found = await unlessFailing(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'], lstat(real));
  if (!found?.isFile() || found.nlink < 2) return undefined;
  return {
    kind: 'protected',
    reason: 'The same file has other names too (hard links): a change may show there as well.',
  };
}

/** Settings that anybody may read are secret where a login stands in them. */
export async function guardOfLogin(real: string): Promise<GuardedPath | undefined> {
  return (await holdsLogin(real)) ? { kind: 'secret', reason: 'A login stands in these settings.' } : undefined;
}

function namedFrom(folder: string, real: string): string {
  const relative = path.relative(folder, real);
  return path.join(path.basename(folder), relative).split(path.sep).join('/');
}
