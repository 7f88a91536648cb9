import type { FileCalls } from './fileCalls';

const blockBytes = 32 * 1024;

/** Reads a file in blocks and gives out pieces: with small pages most of a long read would be the calls themselves. */
export class ReadAhead {
  #block: Uint8Array | undefined;
  #start = 0;
  #end = 0;

  /** @returns bytes read, which may be fewer than asked for; 0 at the end */
  read(calls: FileCalls, fd: number, target: Uint8Array, position: number): number {
    if (target.length >= blockBytes) return calls.readSync(fd, target, 0, target.length, position);
    if (position < this.#start || position >= this.#end) this.#fill(calls, fd, position);
    const from = position - this.#start;
    const count = Math.min(target.length, this.#end - position);
    if (this.#block === undefined || count <= 0) return 0;
    target.set(this.#block.subarray(from, from + count));
    return count;
  }

  /** To be called before the file changes. */
  forget(): void {
    this.#end = this.#start;
  }

  #fill(calls: FileCalls, fd: number, position: number): void {
    this.#block ??= new Uint8Array(blockBytes);
    this.forget();
    const start = position - (position % blockBytes);
    const count = calls.readSync(fd, this.#block, 0, blockBytes, start);
    this.#start = start;
    this.#end = start + count;
  }
}
