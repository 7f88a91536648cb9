import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { systemCodeOf } from '../systemError';

/** A file as the system knows it. `device` and `inode` together are one file. */
export interface FileFacts {
  readonly device: bigint;
  readonly inode: bigint;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint;
}

/** The calls to the file system that a database makes: everything below SQLite, so that tests can fail it and cut its power. */
export interface FileCalls {
  /** `flags` as in `fs.constants`. New files are for their owner only. */
  openSync(file: string, flags: number): number;
  closeSync(fd: number): void;
  /** @returns bytes read; 0 at the end */
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  /** @returns bytes written, which may be fewer than asked for */
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  fsyncSync(fd: number): void;
  fdatasync(fd: number): Promise<void>;
  ftruncateSync(fd: number, sizeBytes: number): void;
  fstatSync(fd: number): FileFacts;
  statSync(file: string): FileFacts;
  unlinkSync(file: string): void;
  /** Makes created and removed names in the folder durable. */
  syncFolderSync(folder: string): void;
}

export const nodeFileCalls: FileCalls = {
  openSync: (file, flags) => fs.openSync(file, flags, 0o600),
  closeSync: (fd) => fs.closeSync(fd),
  readSync: (fd, buffer, offset, length, position) => fs.readSync(fd, buffer, offset, length, position),
  writeSync: (fd, buffer, offset, length, position) => fs.writeSync(fd, buffer, offset, length, position),
  fsyncSync: (fd) => fs.fsyncSync(fd),
  fdatasync: promisify(fs.fdatasync),
  ftruncateSync: (fd, sizeBytes) => fs.ftruncateSync(fd, sizeBytes),
  fstatSync: (fd) => factsOf(fs.fstatSync(fd, { bigint: true })),
  statSync: (file) => factsOf(fs.statSync(file, { bigint: true })),
  unlinkSync: (file) => fs.unlinkSync(file),
  syncFolderSync(folder) {
    // Windows opens no folders as files and keeps its directories in a journal of its own.
    if (process.platform === 'win32') return;
    const fd = fs.openSync(folder, 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
};

/** As `openSync`, or undefined where there is no such file. */
export function openIfThere(calls: FileCalls, file: string, flags: number): number | undefined {
  try {
    return calls.openSync(file, flags);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Fills `target` from `position` on. @returns bytes read; fewer only at the end of the file */
export function readFully(calls: FileCalls, fd: number, target: Uint8Array, position: number): number {
  let total = 0;
  while (total < target.length) {
    const count = calls.readSync(fd, target, total, target.length - total, position + total);
    if (count === 0) break;
    total += count;
  }
  return total;
}

/** Writes all of `source` from `position` on. */
export function writeFully(calls: FileCalls, fd: number, source: Uint8Array, position: number): void {
  for (let total = 0; total < source.length;) {
    const count = calls.writeSync(fd, source, total, source.length - total, position + total);
    if (count === 0) throw new Error('Nothing could be written to the file.');
    total += count;
  }
}

function factsOf(stat: fs.BigIntStats): FileFacts {
  return {
    device: stat.dev,
    inode: stat.ino,
    mode: Number(stat.mode),
    sizeBytes: Number(stat.size),
    modifiedNs: stat.mtimeNs,
  };
}
