import { type FileCalls, type FileFacts, readFully, writeFully } from './fileCalls';
import { ReadAhead } from './readAhead';
import type { MemoryRange } from './wasmMemory';

const noFacts: FileFacts = { device: 0n, inode: 0n, mode: 0o100400, sizeBytes: 0, modifiedNs: 0n };

/** What SQLite puts behind a database's name for the files beside it. */
export const sideFiles = ['-journal', '-wal', '-shm'] as const;
export type SideFile = (typeof sideFiles)[number];

/** The database that a file belongs to. */
export interface FileOwner {
  readonly file: string;
  readonly calls: FileCalls;
  walBytes: number;
  walWrites: number;
  wal: OpenFile | undefined;
  failIfBroken(): void;
  /** Nothing may be written any more after a failed flush. */
  breakBy(error: unknown): void;
  disguise(facts: FileFacts): FileFacts;
}

/** One open file of a database, with the place at which SQLite reads or writes next. */
export class OpenFile {
  readonly #owner: FileOwner;
  position = 0;
  /** Undefined: an empty file that is not on the disk. */
  readonly #fd: number | undefined;
  readonly #side: SideFile | '';
  readonly #ahead = new ReadAhead();
  #flushes = 0;
  #isClosed = false;

  constructor(owner: FileOwner, fd: number | undefined, side: SideFile | '') {
    this.#owner = owner;
    this.#fd = fd;
    this.#side = side;
  }

  /** @returns bytes read; fewer than asked for at the end of the file only */
  read(memory: Uint8Array, ranges: readonly MemoryRange[]): number {
    const fd = this.#fd;
    if (fd === undefined) return 0;
    const { calls } = this.#owner;
    let total = 0;
    for (const { start, length } of ranges) {
      const target = memory.subarray(start, start + length);
      const count =
        this.#side === ''
          ? this.#ahead.read(calls, fd, target, this.position)
          : readFully(calls, fd, target, this.position);
      this.position += count;
      total += count;
      if (count < length) break;
    }
    return total;
  }

  /** @returns bytes written: all of them */
  write(memory: Uint8Array, ranges: readonly MemoryRange[]): number {
    this.#owner.failIfBroken();
    const [fd, start] = [this.#own(), this.position];
    this.#ahead.forget();
    for (const range of ranges) {
      writeFully(this.#owner.calls, fd, memory.subarray(range.start, range.start + range.length), this.position);
      this.position += range.length;
    }
    const written = this.position - start;
    if (this.#side === '-wal') {
      // A write at the start begins the log anew; what stands behind it is of the past.
      this.#owner.walBytes = start === 0 ? written : Math.max(this.#owner.walBytes, this.position);
      this.#owner.walWrites += 1;
    }
    return written;
  }

  sync(): void {
    this.#owner.failIfBroken();
    try {
      this.#owner.calls.fsyncSync(this.#own());
    } catch (error) {
      this.#owner.breakBy(error);
      throw error;
    }
  }

  truncate(sizeBytes: number): void {
    this.#owner.failIfBroken();
    this.#ahead.forget();
    this.#owner.calls.ftruncateSync(this.#own(), sizeBytes);
    if (this.#side === '-wal') this.#owner.walBytes = Math.min(this.#owner.walBytes, sizeBytes);
  }

  facts(): FileFacts {
    return this.#owner.disguise(this.#fd === undefined ? noFacts : this.#owner.calls.fstatSync(this.#fd));
  }

  /** Resolves once all that was written before is on the disk. Never asks a descriptor again that failed once. */
  async flush(): Promise<void> {
    this.#owner.failIfBroken();
    this.#flushes += 1;
    try {
      await this.#owner.calls.fdatasync(this.#own());
    } catch (error) {
      this.#owner.breakBy(error);
      throw error;
    } finally {
      this.#flushes -= 1;
      if (this.#isClosed) this.#closeWhenIdle();
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#owner.wal === this) this.#owner.wal = undefined;
    this.#closeWhenIdle();
  }

  /** A number given back to the system while a flush is under way could by then be another file's. */
  #closeWhenIdle(): void {
    if (this.#flushes === 0 && this.#fd !== undefined) this.#owner.calls.closeSync(this.#fd);
  }

  #own(): number {
    if (this.#fd === undefined) throw Object.assign(new Error('This file is only read.'), { code: 'EROFS' });
    return this.#fd;
  }
}
