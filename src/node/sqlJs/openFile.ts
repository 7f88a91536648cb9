import type { DatabaseFiles, SideFile } from './databaseFiles';
import type { FileFacts } from './fileCalls';
import type { MemoryRange } from './wasmMemory';

const noFacts: FileFacts = { device: 0n, inode: 0n, mode: 0o100400, sizeBytes: 0, modifiedNs: 0n };

/** One open file of a database, with the place at which SQLite reads or writes next. */
export class OpenFile {
  readonly files: DatabaseFiles;
  position = 0;
  /** Undefined: an empty file that is not on the disk. */
  readonly #fd: number | undefined;
  readonly #side: SideFile | '';
  #flushes = 0;
  #isClosed = false;

  constructor(files: DatabaseFiles, fd: number | undefined, side: SideFile | '') {
    this.files = files;
    this.#fd = fd;
    this.#side = side;
  }

  /** @returns bytes read; fewer than asked for at the end of the file only */
  read(memory: Uint8Array, ranges: readonly MemoryRange[]): number {
    const fd = this.#fd;
    if (fd === undefined) return 0;
    return this.#move(ranges, (start, length) => this.files.calls.readSync(fd, memory, start, length, this.position));
  }

  /** @returns bytes written: all of them */
  write(memory: Uint8Array, ranges: readonly MemoryRange[]): number {
    this.files.failIfBroken();
    const [fd, start] = [this.#own(), this.position];
    const written = this.#move(ranges, (from, length) => {
      const count = this.files.calls.writeSync(fd, memory, from, length, this.position);
      if (count === 0) throw new Error(`Nothing could be written to ${JSON.stringify(this.files.file + this.#side)}.`);
      return count;
    });
    if (this.#side === '-wal') {
      // A write at the start begins the log anew; what stands behind it is of the past.
      this.files.walBytes = start === 0 ? written : Math.max(this.files.walBytes, this.position);
      this.files.walWrites += 1;
    }
    return written;
  }

  sync(): void {
    this.files.failIfBroken();
    this.files.breakOnFailure(() => this.files.calls.fsyncSync(this.#own()));
  }

  truncate(sizeBytes: number): void {
    this.files.failIfBroken();
    this.files.calls.ftruncateSync(this.#own(), sizeBytes);
    if (this.#side === '-wal') this.files.walBytes = Math.min(this.files.walBytes, sizeBytes);
  }

  facts(): FileFacts {
    return this.files.disguise(this.#fd === undefined ? noFacts : this.files.calls.fstatSync(this.#fd));
  }

  /** Resolves once all that was written before is on the disk. Never asks a descriptor again that failed once. */
  async flush(): Promise<void> {
    this.files.failIfBroken();
    this.#flushes += 1;
    try {
      await this.files.calls.fdatasync(this.#own());
    } catch (error) {
      this.files.brokenBy ??= error;
      throw error;
    } finally {
      this.#flushes -= 1;
      if (this.#isClosed) this.#closeWhenIdle();
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.files.wal === this) this.files.wal = undefined;
    this.#closeWhenIdle();
  }

  /** A number given back to the system while a flush is under way could by then be another file's. */
  #closeWhenIdle(): void {
    if (this.#flushes === 0 && this.#fd !== undefined) this.files.calls.closeSync(this.#fd);
  }

  #own(): number {
    if (this.#fd === undefined) throw Object.assign(new Error('This file is only read.'), { code: 'EROFS' });
    return this.#fd;
  }

  #move(ranges: readonly MemoryRange[], step: (start: number, length: number) => number): number {
    let total = 0;
    for (const { start, length } of ranges) {
      let done = 0;
      while (done < length) {
        const count = step(start + done, length - done);
        if (count === 0) return total + done;
        done += count;
        this.position += count;
      }
      total += done;
    }
    return total;
  }
}
