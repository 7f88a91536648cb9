import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readdir, readlink, realpath, type FileHandle } from 'node:fs/promises';
import * as path from 'node:path';
import { SandboxError, ToolError } from '../core/errors';
import type { FileStat } from '../core/sandbox/sandbox';
import type { PathBox } from './pathBox';
import { systemCodeOf, unlessFailing } from './systemError';

// Windows lacks most of them.
const platformFlags: Partial<typeof constants> = constants;
const { O_RDONLY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = platformFlags;

/**
 * Opens a regular file for reading and proves that what was opened lies inside the box: between the check of a path and its
 * opening somebody may have put a symbolic link there. The caller closes the handle.
 * @throws ToolError 'not_found' | 'not_a_file' | 'failed', SandboxError 'raced'.
 */
export async function openFileInside(box: PathBox, file: string): Promise<FileHandle> {
  const handle = await openChecked(box, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notAFile(file, found.isDirectory() ? 'a folder' : 'a device, pipe or socket');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A folder inside the box that stays the same folder, whatever happens to its path. */
export interface OpenFolder {
  /** The path of an entry, for system calls. On Linux it goes through the open folder and cannot be redirected. */
  at(name: string): string;
  /** Where the folder is now. */
  readonly real: string;
  /** Makes renames in it durable, where the platform can. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** @throws ToolError 'not_found' | 'not_a_file', SandboxError 'raced'. */
export async function openFolderInside(box: PathBox, folder: string): Promise<OpenFolder> {
  // Windows cannot open folders: there the real path is checked, and each entry again by whoever uses it.
  if (process.platform === 'win32') {
    const real = await realpath(folder);
    if (!isSamePath(real, folder) || !(await box.contains(real))) throw raced(folder);
    return {
      at: (name) => path.join(folder, name),
      real: folder,
      sync: async () => undefined,
      close: async () => undefined,
    };
  }
  const handle = await openChecked(box, folder, O_RDONLY | O_NOFOLLOW | O_DIRECTORY);
  const at = (name: string): string =>
    process.platform === 'linux' ? `/proc/self/fd/${handle.fd}/${name}` : path.join(folder, name);
  const sync = async (): Promise<void> => unlessFailing(['EINVAL', 'ENOTSUP', 'EPERM'], handle.sync());
  return { at, real: folder, sync, close: () => handle.close() };
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: FileStat['kind'] | 'link';
}

/** Names in a folder, sorted by code unit. */
export async function listInside(box: PathBox, folder: string): Promise<readonly FolderEntry[]> {
  const opened = await openFolderInside(box, folder);
  try {
    const entries = await readdir(opened.at('.'), { withFileTypes: true });
    return entries
      .map((entry): FolderEntry => {
        const kind = entry.isFile()
          ? 'file'
          : entry.isDirectory()
            ? 'directory'
            : entry.isSymbolicLink()
              ? 'link'
              : 'other';
        return { name: entry.name, kind };
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  } finally {
    await opened.close();
  }
}

async function openChecked(box: PathBox, target: string, flags: number): Promise<FileHandle> {
  const handle = await openOrExplain(target, flags);
  try {
    const real = await whatWasOpened(handle, target);
    // Elsewhere in the box is elsewhere too: it was this path that was judged, and perhaps shown to a person.
    if (real === undefined || !isSamePath(real, target) || !(await box.contains(real))) throw raced(target);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openOrExplain(target: string, flags: number): Promise<FileHandle> {
  try {
    return await open(target, flags);
  } catch (error) {
    switch (systemCodeOf(error)) {
      case 'ENOENT':
        throw new ToolError('not_found', `There is no ${JSON.stringify(target)} any more.`, {
          advice: 'Look for it with fs_glob.',
          cause: error,
        });
      case 'ENOTDIR': {
        const found = await unlessFailing(['ENOENT', 'ENOTDIR'], lstat(target));
        throw found?.isSymbolicLink() ? raced(target, error) : notAFile(target, 'not a folder', error);
      }
      case 'ENXIO':
        throw notAFile(target, 'a device, pipe or socket', error);
      case 'ELOOP':
      case 'EMLINK':
        throw raced(target, error);
      case undefined:
      default:
        throw new ToolError('failed', `${JSON.stringify(target)} cannot be opened: ${String(error)}.`, {
          advice: 'Check its permissions.',
          cause: error,
        });
    }
  }
}

/** The path of what a handle refers to; undefined when it has none inside the file system or it cannot be known. */
async function whatWasOpened(handle: FileHandle, target: string): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const link = await unlessFailing(['ENOENT'], readlink(`/proc/self/fd/${handle.fd}`));
    if (link !== undefined) return link.startsWith('/') && !link.endsWith(' (deleted)') ? link : undefined;
  }
  const real = await unlessFailing(['ENOENT', 'ENOTDIR', 'ELOOP'], realpath(target));
  if (real === undefined) return undefined;
  const [opened, found] = await Promise.all([handle.stat({ bigint: true }), lstat(real, { bigint: true })]);
  return isSame(opened, found) ? real : undefined;
}

/** Up to what file systems may spell differently. */
function isSamePath(one: string, other: string): boolean {
  const fold = (name: string): string => path.normalize(name).normalize('NFC').toLowerCase();
  return fold(one) === fold(other);
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

function notAFile(target: string, what: string, cause?: unknown): ToolError {
  return new ToolError('not_a_file', `${JSON.stringify(target)} is ${what}.`, {
    advice: 'Give a regular file; look into folders with fs_glob.',
    cause,
  });
}

function raced(target: string, cause?: unknown): SandboxError {
  return new SandboxError(
    'raced',
    `${JSON.stringify(target)} was replaced while it was opened and leads elsewhere now.`,
    {
      advice: 'Nothing was read or written. Look at the folder before you try again.',
      cause,
    },
  );
}
