import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Gives a regular file these permission bits; a symbolic link is refused. Windows has no such bits: nothing happens there. */
export async function setFileMode(file: string, mode: number): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (found.isFile() && (found.mode & 0o7777) !== mode) await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}
