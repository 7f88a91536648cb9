import { constants, ftruncateSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as path from 'node:path';

/** One file that only grows, held open. Every method throws what the system throws. */
export interface HistoryFile {
  /** The bytes from `at` on, fewer where the file ends. */
  read(at: number, bytes: number): Promise<Buffer>;
  /** Bytes of the file, and a text that is another one after every change of it. */
  stat(): Promise<{ readonly size: number; readonly stamp: string }>;
  /** Writes all of it at this place, which is the end. */
  append(data: Uint8Array, at: number): void;
  cut(size: number): void;
  /** Resolves once what was written would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** 'create' makes the file where there is none; 'read' cannot write. */
export type OpenHistoryFile = (file: string, mode: 'create' | 'existing' | 'read') => Promise<HistoryFile>;

export const openHistoryFile: OpenHistoryFile = async (file, mode) => {
  const { O_RDONLY, O_RDWR, O_CREAT } = constants;
  const flags = mode === 'read' ? O_RDONLY : mode === 'existing' ? O_RDWR : O_RDWR | O_CREAT;
  const handle = await open(file, flags, 0o600);
  return {
    async read(at, bytes) {
      const buffer = Buffer.allocUnsafe(bytes);
      let length = 0;
      while (length < bytes) {
        const { bytesRead } = await handle.read(buffer, length, bytes - length, at + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    },
    async stat() {
      const { size, mtimeNs, ino } = await handle.stat({ bigint: true });
      return { size: Number(size), stamp: `${ino}:${size}:${mtimeNs}` };
    },
    append(data, at) {
      // One write as a rule; a disk that takes only a part says why at the rest.
      let length = 0;
      while (length < data.length) length += writeSync(handle.fd, data, length, data.length - length, at + length);
    },
    cut: (size) => {
      ftruncateSync(handle.fd, size);
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
};

/** Makes new names in this folder survive a power cut. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path.resolve(folder), constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
