import { constants } from 'node:fs';
import { type FileCalls, openIfThere, readFully, writeFully } from './fileCalls';

/**
 * Writes the bytes of a left-over write-ahead log again and flushes them. After a flush that failed, Linux keeps the
 * pages in memory as if they were on the disk: they are read back, but no later flush would write them.
 */
export function rewriteLog(database: string, calls: FileCalls): void {
  const fd = openIfThere(calls, `${database}-wal`, constants.O_RDWR);
  if (fd === undefined) return;
  try {
    const { sizeBytes } = calls.fstatSync(fd);
    if (sizeBytes === 0) return;
    const bytes = new Uint8Array(Math.min(sizeBytes, 1024 * 1024));
    for (let position = 0; position < sizeBytes;) {
      const count = readFully(calls, fd, bytes, position);
      if (count === 0) break;
      writeFully(calls, fd, bytes.subarray(0, count), position);
      position += count;
    }
    calls.fsyncSync(fd);
  } finally {
    calls.closeSync(fd);
  }
}
