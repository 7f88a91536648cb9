import { open, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { inflateSync } from 'node:zlib';
import { constants } from 'node:zlib';
import { unlessFailing } from '../systemError';

const gone = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'];
const maxLogCharacters = 4 * 1024 * 1024;

/** Whether a number is known to be a commit's: what HEAD was, what branches and tags are, or a loose object that says so. */
export async function isCommit(id: string, folder: string): Promise<boolean> {
  const git = await gitFolderAbove(folder);
  if (git === undefined) return false;
  for (const name of ['logs/HEAD', 'packed-refs', 'ORIG_HEAD', 'HEAD']) {
    const text = await unlessFailing(gone, readFile(path.join(git, name), 'latin1'));
    // Beginnings of whole numbers only.
    if (
      text !== undefined &&
      text.length < maxLogCharacters &&
      new RegExp(`(?:^|[ \\n])${id}[0-9a-f]*(?:[ \\n]|$)`).test(text)
    )
      return true;
  }
  return id.length === 40 && (await isLooseCommit(path.join(git, 'objects', id.slice(0, 2), id.slice(2))));
}

async function gitFolderAbove(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = path.dirname(current)) {
    const git = path.join(current, '.git');
    if (await unlessFailing(gone, readFile(path.join(git, 'HEAD')))) return git;
    if (path.dirname(current) === current) return undefined;
  }
}

async function isLooseCommit(file: string): Promise<boolean> {
  const handle = await unlessFailing(gone, open(file));
  if (!handle) return false;
  try {
    const start = Buffer.alloc(256);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const text = inflateSync(start.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
    return text.toString('latin1', 0, 7) === 'commit ';
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  } finally {
    await handle.close();
  }
}
