import { lstat, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { SandboxError, ToolError } from '../core/errors';
import { systemCodeOf, unlessFailing } from './systemError';

export interface RealPath {
  /** Symlinks resolved as far as the path exists, then the names that do not exist yet. */
  readonly path: string;
  readonly exists: boolean;
}

/**
 * Where an absolute path really leads. A link that leads nowhere counts as existing, so that nothing is created through it.
 * @throws SandboxError 'symlink' for dangling links and loops, 'too_long'.
 */
export async function realPathOf(absolute: string): Promise<RealPath> {
  const missing: string[] = [];
  for (let current = absolute; ;) {
    const real = await existing(current, absolute);
    if (real !== undefined) return { path: path.join(real, ...missing), exists: missing.length === 0 };
    const parent = path.dirname(current);
    if (parent === current)
      throw new SandboxError('no_workspace', `There is no folder above ${JSON.stringify(absolute)}.`, {
        advice: 'Open a folder that exists.',
      });
    missing.unshift(path.basename(current));
    current = parent;
  }
}

async function existing(current: string, asked: string): Promise<string | undefined> {
  try {
    return await realpath(current);
  } catch (error) {
    switch (systemCodeOf(error)) {
      case 'ENOENT': {
        const link = await unlessFailing(['ENOENT', 'ENOTDIR'], lstat(current));
        if (link?.isSymbolicLink()) throw throughLink(asked, 'a symbolic link that leads nowhere', error);
        return undefined;
      }
      case 'ENOTDIR':
        return undefined;
      case 'ELOOP':
        throw throughLink(asked, 'symbolic links that lead to each other', error);
      case 'ENAMETOOLONG':
        throw new SandboxError(
          'too_long',
          `The path ${JSON.stringify(asked.slice(0, 60))}… has a name that is too long.`,
          {
            advice: 'Names have at most 255 bytes.',
            cause: error,
          },
        );
      case undefined:
      default:
        throw new ToolError('failed', `The path ${JSON.stringify(asked)} cannot be looked at: ${String(error)}.`, {
          advice: 'Check the permissions of its folders.',
          cause: error,
        });
    }
  }
}

function throughLink(asked: string, what: string, cause: unknown): SandboxError {
  return new SandboxError('symlink', `The path ${JSON.stringify(asked)} goes through ${what}.`, {
    advice: 'Use a path without it.',
    cause,
  });
}

/** Whether the file system below `folder` takes names of other case for the same, found out by trying. */
export async function ignoresCase(folder: string): Promise<boolean> {
  const other = folder.replace(/\p{L}(?=\P{L}*$)/u, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  if (other === folder) return false;
  const gone = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'];
  const [one, two] = await Promise.all([
    unlessFailing(gone, stat(folder, { bigint: true })),
    unlessFailing(gone, stat(other, { bigint: true })),
  ]);
  return one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev;
}
