import { systemCodeOf } from '../systemError';
import type { DatabaseFiles } from './databaseFiles';
import { type OpenFile, type SideFile, sideFiles } from './openFile';
import { control, errorNumber, inFrontOf, openFlags, type SystemCall } from './systemCalls';
import { WasmMemory } from './wasmMemory';
import { webAssembly, type WasmImports, type WasmInstance, type WasmModule } from './webAssembly';

interface Descriptor {
  readonly files: DatabaseFiles;
  /** Undefined: the one folder of the virtual names, which is the real folder of the database that was last worked on. */
  readonly file: OpenFile | undefined;
}

// Emscripten counts its own descriptors up from 0.
const firstDescriptor = 0x10_0000;
const firstInode = 1n << 32n;

/**
 * Lets an unmodified sql.js work on real files: its system calls are wrapped where Emscripten hands them to the program.
 * A database is given to the next `/dbfile_N` that SQLite opens; its `-wal` and `-journal` follow it. All other names stay
 * in memory. Real paths never go through SQLite.
 */
export class FileSystemHook {
  readonly #byName = new Map<string, DatabaseFiles>();
  readonly #descriptors = new Map<number, Descriptor>();
  #nextDescriptor = firstDescriptor;
  #nextInode = firstInode;
  #awaited: DatabaseFiles | undefined;
  #lastUsed: DatabaseFiles | undefined;
  #memory = new WasmMemory({ buffer: new ArrayBuffer(0) });

  /** The imports that are wrapped: a program without one of them is not the one this was made for. */
  static readonly wrapped: readonly string[] = [
    ...['__syscall_openat', '__syscall_unlinkat', '__syscall_faccessat', '__syscall_stat64', '__syscall_lstat64'],
    ...['__syscall_fstat64', '__syscall_ftruncate64', '__syscall_fcntl64', '__syscall_fchmod', '__syscall_fchown32'],
    ...['fd_read', 'fd_write', 'fd_seek', 'fd_sync', 'fd_close'],
  ];

  instantiate(module: WasmModule, imports: WasmImports): WasmInstance {
    const calls = new Map<string, SystemCall>(Object.entries({ ...this.#nameCalls(), ...this.#descriptorCalls() }));
    const wrapped = Object.entries(imports).map(([from, group]) => {
      const members = Object.entries(group).map(([name, original]) => {
        const ours = calls.get(name);
        return [name, ours === undefined ? original : inFrontOf(original, ours)] as const;
      });
      return [from, Object.fromEntries(members)] as const;
    });
    const instance = new webAssembly.Instance(module, Object.fromEntries(wrapped));
    const memory = instance.exports['memory'];
    if (!isMemory(memory)) throw new Error('The program exports no memory.');
    this.#memory = new WasmMemory(memory);
    return instance;
  }

  /** Whether a connection that writes has the same file. */
  isOpenForWriting({ identity }: DatabaseFiles): boolean {
    return [...this.#byName.values()].some((files) => files.access === 'write' && files.identity === identity);
  }

  /** Runs `open`, in which SQLite opens one database, and gives it these files. */
  connect<T>(files: DatabaseFiles, open: () => T): T {
    files.inode = this.#nextInode++;
    this.#awaited = files;
    try {
      const opened = open();
      if (this.#isAwaiting()) throw new Error('SQLite opened no file through the hook.');
      return opened;
    } finally {
      this.#awaited = undefined;
    }
  }

  /** Forgets the files after SQLite has closed them. */
  disconnect(files: DatabaseFiles): void {
    for (const [name, known] of this.#byName) if (known === files) this.#byName.delete(name);
    for (const [descriptor, open] of this.#descriptors)
      if (open.files === files) {
        this.#descriptors.delete(descriptor);
        open.file?.close();
      }
    if (this.#lastUsed === files) this.#lastUsed = undefined;
    files.close();
  }

  #nameCalls(): Record<string, SystemCall> {
    const stat = (name: number, out: number): number | undefined =>
      this.#atName(name, (files, side) => {
        this.#memory.writeStat(out, files.stat(side));
        return 0;
      });
    return {
      __syscall_openat: (_folder, name, flags) => this.#open(this.#memory.text(name), flags),
      __syscall_stat64: stat,
      __syscall_lstat64: stat,
      __syscall_faccessat: (_folder, name) =>
        this.#atName(name, (files, side) => {
          files.stat(side);
          return 0;
        }),
      __syscall_unlinkat: (_folder, name) =>
        this.#atName(name, (files, side) => {
          // The name of the database itself is sql.js's placeholder, which it takes away on close.
          if (side !== '') files.unlink(side);
          return 0;
        }),
    };
  }

  #descriptorCalls(): Record<string, SystemCall> {
    return {
      fd_read: (fd, ranges, count, out) =>
        this.#onFile(fd, 1, (file) => {
          const read = file.read(this.#memory.bytes(), this.#memory.ranges(ranges, count));
          this.#memory.writeUint32(out, read);
          return 0;
        }),
      fd_write: (fd, ranges, count, out) =>
        this.#onFile(fd, 1, (file) => {
          const written = file.write(this.#memory.bytes(), this.#memory.ranges(ranges, count));
          this.#memory.writeUint32(out, written);
          return 0;
        }),
      fd_seek: (fd, offset, whence, out) =>
        this.#onFile(fd, 1, (file) => {
          const from = whence === 0 ? 0 : whence === 1 ? file.position : file.facts().sizeBytes;
          file.position = from + offset;
          this.#memory.writeInt64(out, file.position);
          return 0;
        }),
      fd_sync: (fd) => this.#sync(fd),
      fd_close: (fd) => this.#close(fd),
      __syscall_fstat64: (fd, out) =>
        this.#onFile(fd, -1, (file) => {
          this.#memory.writeStat(out, file.facts());
          return 0;
        }),
      __syscall_ftruncate64: (fd, sizeBytes) =>
        this.#onFile(fd, -1, (file) => {
          file.truncate(sizeBytes);
          return 0;
        }),
      __syscall_fcntl64: (fd, command, args) => this.#onFile(fd, -1, () => control(this.#memory, command, args)),
      __syscall_fchmod: (fd) => this.#onFile(fd, -1, () => 0),
      __syscall_fchown32: (fd) => this.#onFile(fd, -1, () => 0),
    };
  }

  #open(name: string, flags = 0): number | undefined {
    const wanted = plain(name);
    if (this.#awaited !== undefined && /^\/dbfile_\d+$/.test(wanted)) {
      this.#byName.set(wanted, this.#awaited);
      this.#awaited = undefined;
    }
    // SQLite opens the folder of a file that it has just created or removed, to make its name durable.
    if (wanted === '/' && this.#lastUsed !== undefined) return this.#describe(this.#lastUsed, undefined);
    return this.#atPlace(wanted, (files, side) => {
      if (files.access === 'read' && (flags & 3) !== 0) return -errorNumber('EROFS');
      return this.#describe(files, files.open(side, openFlags(flags)));
    });
  }

  #sync(fd: number): number | undefined {
    const open = this.#descriptors.get(fd);
    if (open === undefined) return undefined;
    return guarded(open.files, 1, () => {
      if (open.file === undefined) open.files.syncFolder();
      else open.file.sync();
      return 0;
    });
  }

  #close(fd: number): number | undefined {
    const open = this.#descriptors.get(fd);
    if (open === undefined) return undefined;
    this.#descriptors.delete(fd);
    return guarded(open.files, 1, () => {
      open.file?.close();
      return 0;
    });
  }

  #atName(name: number, work: (files: DatabaseFiles, side: SideFile | '') => number): number | undefined {
    return this.#atPlace(plain(this.#memory.text(name)), work);
  }

  #atPlace(name: string, work: (files: DatabaseFiles, side: SideFile | '') => number): number | undefined {
    const side = sideFiles.find((end) => name.endsWith(end)) ?? '';
    const files = this.#byName.get(name.slice(0, name.length - side.length));
    if (files === undefined) return undefined;
    this.#lastUsed = files;
    return guarded(files, -1, () => work(files, side));
  }

  #onFile(fd: number, sign: 1 | -1, work: (file: OpenFile) => number): number | undefined {
    const open = this.#descriptors.get(fd);
    if (open === undefined) return undefined;
    const { files, file } = open;
    if (file === undefined) return sign * errorNumber('EINVAL');
    this.#lastUsed = files;
    return guarded(files, sign, () => work(file));
  }

  #describe(files: DatabaseFiles, file: OpenFile | undefined): number {
    const descriptor = this.#nextDescriptor++;
    this.#descriptors.set(descriptor, { files, file });
    return descriptor;
  }

  #isAwaiting(): boolean {
    return this.#awaited !== undefined;
  }
}

/** An exception must not cross the program's frames: it would leave SQLite's locks and lists half changed. */
function guarded(files: DatabaseFiles, sign: 1 | -1, work: () => number): number {
  try {
    return work();
  } catch (error) {
    const code = systemCodeOf(error) ?? '';
    // A file that is not there is an ordinary answer.
    if (code !== 'ENOENT') files.fault = error;
    return sign * errorNumber(code);
  }
}

/** SQLite names a file in the one virtual folder with or without slashes. */
function plain(name: string): string {
  return `/${name.replace(/^\/+/, '')}`;
}

function isMemory(value: unknown): value is { readonly buffer: ArrayBuffer } {
  return typeof value === 'object' && value !== null && 'buffer' in value;
}
