import { constants } from 'node:fs';
import * as path from 'node:path';
import { type FileCalls, type FileFacts, openIfThere, writeFully } from './fileCalls';
import { type FileOwner, OpenFile, type SideFile } from './openFile';

/** The files of one open database on the disk, as one connection uses them. */
export class DatabaseFiles implements FileOwner {
  readonly file: string;
  readonly calls: FileCalls;
  readonly access: 'write' | 'read';
  /** Bytes of the log since it was last taken over. */
  walBytes = 0;
  /** Grows with everything that is written to the log. */
  walWrites = 0;
  /** The last call that the system refused, for what SQLite then reports. */
  fault: unknown;
  wal: OpenFile | undefined;
  /** What the file is on this machine, under whatever name. */
  readonly identity: string;
  /** The inode that SQLite is told of; set before it opens anything. */
  inode = 0n;
  #main: number | undefined;
  #broken: { readonly by: unknown } | undefined;

  /** Opens the database's file itself, so that a refusal is the system's own. */
  constructor(file: string, access: 'write' | 'read', mayCreate: boolean, calls: FileCalls) {
    this.file = path.resolve(file);
    this.calls = calls;
    this.access = access;
    const flags = access === 'read' ? constants.O_RDONLY : constants.O_RDWR | (mayCreate ? constants.O_CREAT : 0);
    this.#main = calls.openSync(this.file, flags);
    const { device, inode } = calls.fstatSync(this.#main);
    this.identity = inode === 0n ? this.file : `${device}:${inode}`;
  }

  get sizeBytes(): number {
    return this.#main === undefined
      ? this.calls.statSync(this.file).sizeBytes
      : this.calls.fstatSync(this.#main).sizeBytes;
  }

  /** The failed flush after which nobody knows what is on the disk. */
  get broken(): { readonly by: unknown } | undefined {
    return this.#broken;
  }

  open(side: SideFile | '', flags: number): OpenFile {
    const place = this.file + side;
    if (side === '') {
      const fd = this.#main ?? this.calls.openSync(place, flags);
      this.#main = undefined;
      return new OpenFile(this, fd, side);
    }
    // A reader sees a missing log as an empty one: nothing may be created for it.
    const mayBeMissing = this.access === 'read' && side === '-wal';
    const fd = mayBeMissing ? openIfThere(this.calls, place, flags) : this.calls.openSync(place, flags);
    const opened = new OpenFile(this, fd, side);
    if (side === '-wal') {
      this.wal = opened;
      this.walBytes = opened.facts().sizeBytes;
    }
    return opened;
  }

  stat(side: SideFile | ''): FileFacts {
    return this.disguise(this.calls.statSync(this.file + side));
  }

  unlink(side: SideFile): void {
    this.failIfBroken();
    if (this.access === 'write') this.calls.unlinkSync(this.file + side);
  }

  syncFolder(): void {
    this.failIfBroken();
    try {
      this.calls.syncFolderSync(path.dirname(this.file));
    } catch (error) {
      this.breakBy(error);
      throw error;
    }
  }

  /**
   * Facts as SQLite may know them. It keeps its locks within a process per inode: a reader beside our own writer must look
   * like another process, and file systems without inodes would make one file of all.
   */
  disguise(facts: FileFacts): FileFacts {
    return { ...facts, inode: this.inode };
  }

  failIfBroken(): void {
    if (this.#broken !== undefined) throw new Error('A flush to the disk failed.', { cause: this.#broken.by });
  }

  breakBy(error: unknown): void {
    this.#broken ??= { by: error };
  }

  /** Writes what the database begins with, durably, before SQLite opens it. */
  begin(image: Uint8Array): void {
    if (this.#main === undefined) throw new Error('SQLite has opened the file already.');
    writeFully(this.calls, this.#main, image, 0);
    this.calls.fsyncSync(this.#main);
    // SQLite finds the file made already, and leaves its name to us.
    this.syncFolder();
  }

  /** Closes what SQLite never took. */
  close(): void {
    if (this.#main !== undefined) this.calls.closeSync(this.#main);
    this.#main = undefined;
  }
}
