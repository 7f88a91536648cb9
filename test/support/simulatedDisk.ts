import { constants } from 'node:fs';
import type { FileCalls, FileFacts } from '../../src/node/sqlJs/fileCalls';
import type { Random } from './random';

type Change = { readonly position: number; readonly bytes: Uint8Array } | { readonly sizeBytes: number };

interface Inode {
  readonly id: bigint;
  /** What the programs see. */
  seen: Uint8Array<ArrayBuffer>;
  /** What is on the platter. */
  durable: Uint8Array;
  /** What was changed since, in order. */
  pending: Change[];
}

const sectorBytes = 512;
const disks = { count: 0n };

/**
 * A disk in memory that knows what a power cut may take: every change since the last flush of its file, each for itself, in
 * any order, by sectors or torn within one; and names that were made or removed since the last flush of their folder.
 */
export class SimulatedDisk implements FileCalls {
  /** Flushes answer without doing anything. */
  lies = false;
  /** The next flush fails, and as on Linux the system takes what it did not write for written from then on. */
  failsNextFlush = false;
  readonly #device = ++disks.count;
  readonly #names = new Map<string, Inode>();
  readonly #durableNames = new Map<string, Inode>();
  readonly #open = new Map<number, Inode>();
  #nextFd = 100;
  #nextId = 1n;

  /** Another disk with what may be left after the power is cut now. */
  cut(random: Random): SimulatedDisk {
    const left = new SimulatedDisk();
    const keep = random.pick(keepers)(random);
    const names = new Set([...this.#names.keys(), ...this.#durableNames.keys()]);
    for (const name of names) {
      const [old, now] = [this.#durableNames.get(name), this.#names.get(name)];
      const inode = old === now || random.chance(0.5) ? now : old;
      if (inode !== undefined) left.put(name, apply(inode.durable, keep(inode.pending)));
    }
    return left;
  }

  put(file: string, bytes: Uint8Array): void {
    const inode = { id: this.#nextId++, seen: withRoom(bytes), durable: bytes, pending: [] };
    this.#names.set(file, inode);
    this.#durableNames.set(file, inode);
  }

  /** What a program would read. */
  bytesOf(file: string): Uint8Array {
    return this.#named(file).seen.slice();
  }

  files(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  openSync(file: string, flags: number): number {
    let inode = this.#names.get(file);
    if (inode === undefined) {
      if ((flags & constants.O_CREAT) === 0) throw systemError('ENOENT', file);
      inode = { id: this.#nextId++, seen: new Uint8Array(), durable: new Uint8Array(), pending: [] };
      this.#names.set(file, inode);
    }
    const fd = this.#nextFd++;
    this.#open.set(fd, inode);
    return fd;
  }

  closeSync(fd: number): void {
    if (!this.#open.delete(fd)) throw systemError('EBADF', String(fd));
  }

  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    const piece = this.#inode(fd).seen.subarray(position, position + length);
    buffer.set(piece, offset);
    return piece.length;
  }

  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    this.#change(fd, { position, bytes: buffer.slice(offset, offset + length) });
    return length;
  }

  ftruncateSync(fd: number, sizeBytes: number): void {
    this.#change(fd, { sizeBytes });
  }

  fsyncSync(fd: number): void {
    const inode = this.#inode(fd);
    this.#flush(inode, inode.pending);
  }

  async fdatasync(fd: number): Promise<void> {
    const inode = this.#inode(fd);
    const changes = [...inode.pending];
    await new Promise((done) => setImmediate(done));
    this.#flush(inode, changes);
  }

  syncFolderSync(folder: string): void {
    if (this.lies) return;
    const isIn = (file: string): boolean => file.startsWith(`${folder}/`);
    for (const file of this.#durableNames.keys()) if (isIn(file)) this.#durableNames.delete(file);
    for (const [file, inode] of this.#names) if (isIn(file)) this.#durableNames.set(file, inode);
  }

  fstatSync(fd: number): FileFacts {
    return this.#facts(this.#inode(fd));
  }

  statSync(file: string): FileFacts {
    return this.#facts(this.#named(file));
  }

  unlinkSync(file: string): void {
    this.#named(file);
    this.#names.delete(file);
  }

  #change(fd: number, change: Change): void {
    const inode = this.#inode(fd);
    inode.pending.push(change);
    const { seen } = inode;
    const end = 'bytes' in change ? change.position + change.bytes.length : seen.length;
    // Most writes stay within the file or its room to grow: they need no copy of it.
    if ('bytes' in change && change.position <= seen.length && seen.byteOffset + end <= seen.buffer.byteLength) {
      inode.seen = new Uint8Array(seen.buffer, seen.byteOffset, Math.max(seen.length, end));
      inode.seen.set(change.bytes, change.position);
    } else inode.seen = withRoom(apply(seen, [change]));
  }

  #flush(inode: Inode, changes: readonly Change[]): void {
    if (this.lies) return;
    const done = new Set(changes);
    const failed = this.failsNextFlush;
    this.failsNextFlush = false;
    if (!failed) inode.durable = apply(inode.durable, changes);
    inode.pending = inode.pending.filter((change) => !done.has(change));
    if (failed) throw systemError('EIO', 'flush');
  }

  #inode(fd: number): Inode {
    const inode = this.#open.get(fd);
    if (inode === undefined) throw systemError('EBADF', String(fd));
    return inode;
  }

  #named(file: string): Inode {
    const inode = this.#names.get(file);
    if (inode === undefined) throw systemError('ENOENT', file);
    return inode;
  }

  #facts({ id, seen }: Inode): FileFacts {
    return { device: this.#device, inode: id, mode: 0o100600, sizeBytes: seen.length, modifiedNs: 0n };
  }
}

function withRoom(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(bytes.length * 2 + 16_384);
  room.set(bytes);
  return room.subarray(0, bytes.length);
}

export function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${what}`), { code });
}

/** Ways in which a cut takes what was not flushed. */
const keepers: readonly ((random: Random) => (changes: readonly Change[]) => readonly Change[])[] = [
  () => () => [],
  () => (changes) => changes,
  (random) => (changes) => changes.slice(0, random.below(changes.length + 1)),
  (random) => (changes) => changes.filter(() => random.chance(0.5)),
  (random) => (changes) => changes.flatMap(sectorsOf).filter(() => random.chance(0.5)),
  (random) => (changes) => changes.flatMap(sectorsOf).flatMap((change) => tear(change, random)),
];

function sectorsOf(change: Change): readonly Change[] {
  if (!('bytes' in change)) return [change];
  const pieces: Change[] = [];
  for (let at = 0; at < change.bytes.length;) {
    const position = change.position + at;
    const end = Math.min(change.bytes.length, at + sectorBytes - (position % sectorBytes));
    pieces.push({ position, bytes: change.bytes.subarray(at, end) });
    at = end;
  }
  return pieces;
}

function tear(change: Change, random: Random): readonly Change[] {
  if (random.chance(0.3)) return [];
  if (!('bytes' in change) || random.chance(0.7)) return [change];
  return [{ position: change.position, bytes: change.bytes.subarray(0, random.below(change.bytes.length)) }];
}

function apply(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  let size = bytes.length;
  for (const change of changes)
    size = 'bytes' in change ? Math.max(size, change.position + change.bytes.length) : Math.max(size, change.sizeBytes);
  const room = new Uint8Array(size);
  room.set(bytes);
  let end = bytes.length;
  for (const change of changes) {
    if ('bytes' in change) {
      room.set(change.bytes, change.position);
      end = Math.max(end, change.position + change.bytes.length);
    } else {
      room.fill(0, Math.min(change.sizeBytes, end), end);
      end = change.sizeBytes;
    }
  }
  return room.slice(0, end);
}
