import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { unlessFailing } from '../systemError';

/** Bytes of all files in a folder and its folders, as their lengths say; 0 when it is not there. Links are not followed. */
export async function storageSize(dir: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  const folders = [dir];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    const entries = (await unlessFailing(gone, readdir(folder, { withFileTypes: true }))) ?? [];
    const files: string[] = [];
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(file);
      else if (entry.isFile()) files.push(file);
    }
    for (let at = 0; at < files.length; at += sliceFiles)
      for (const size of await Promise.all(files.slice(at, at + sliceFiles).map(sizeOf))) bytes += size;
  }
  return bytes;
}

const sliceFiles = 64;
/** Sessions come and go meanwhile; what cannot be looked at is not counted. */
const gone: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'];

async function sizeOf(file: string): Promise<number> {
  return (await unlessFailing(gone, stat(file)))?.size ?? 0;
}
