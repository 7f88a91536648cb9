import { lstat, readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { unlessFailing } from '../systemError';

/** Bytes of all files in a folder and below it; 0 when it is not there. What goes away meanwhile does not count. */
export async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entries = (await unlessFailing(['ENOENT', 'ENOTDIR'], readdir(next, { withFileTypes: true }))) ?? [];
    for (const entry of entries) {
      const name = path.join(next, entry.name);
      if (entry.isDirectory()) waiting.push(name);
      else bytes += (await unlessFailing(['ENOENT'], lstat(name)))?.size ?? 0;
    }
  }
  return bytes;
}
