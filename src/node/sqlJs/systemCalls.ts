import { constants } from 'node:fs';
import type { WasmMemory } from './wasmMemory';

/** Gives an answer of the C library, or undefined: not a file of ours, ask Emscripten's file system in memory. */
export type SystemCall = (...args: number[]) => number | undefined;

/** Emscripten's numbers, which are those of WASI. */
const errorNumbers = new Map(
  Object.entries({
    ...{ EACCES: 2, EBADF: 8, EBUSY: 10, EDQUOT: 19, EEXIST: 20, EFBIG: 22, EINVAL: 28, EIO: 29, EISDIR: 31 },
    ...{ ELOOP: 32, EMFILE: 33, ENAMETOOLONG: 37, ENFILE: 41, ENOENT: 44, ENOSPC: 51, ENOTDIR: 54, EPERM: 63 },
    ...{ EROFS: 69 },
  }),
);

/** The number of a system's error code; those that SQLite would only try again are an input or output error. */
export function errorNumber(code: string): number {
  return errorNumbers.get(code) ?? 29;
}

/** Puts our answer before Emscripten's. */
export function inFrontOf(original: unknown, ours: SystemCall): (...args: (number | bigint)[]) => unknown {
  return (...args) => {
    const answer = ours(...args.map(Number));
    if (answer !== undefined) return answer;
    return typeof original === 'function'
      ? (Reflect.apply(original, undefined, args) as unknown)
      : -errorNumber('EINVAL');
  };
}

/** Flags of `open` in musl's numbers as this system's. */
export function openFlags(flags: number): number {
  const [create, exclusive, truncate] = [0o100, 0o200, 0o1000];
  const access = [constants.O_RDONLY, constants.O_WRONLY, constants.O_RDWR][flags & 3] ?? constants.O_RDWR;
  return (
    access |
    ((flags & create) !== 0 ? constants.O_CREAT : 0) |
    ((flags & exclusive) !== 0 ? constants.O_EXCL : 0) |
    ((flags & truncate) !== 0 ? constants.O_TRUNC : 0)
  );
}

/** `fcntl`. Locks are always free: the lease above decides who writes, and a connection never shares its file. */
export function control(memory: WasmMemory, command: number, args: number): number {
  const [readAndWrite, unlocked] = [2, 2];
  switch (command) {
    case 3: // F_GETFL
      return readAndWrite;
    case 12: // F_GETLK
      memory.writeInt16(memory.readPointer(args), unlocked);
      return 0;
    case 1: // F_GETFD
    case 2: // F_SETFD
    case 4: // F_SETFL
    case 13: // F_SETLK
    case 14: // F_SETLKW
      return 0;
    default:
      return -errorNumber('EINVAL');
  }
}
