import { type FileCalls, readFully } from './fileCalls';

const blockBytes = 32 * 1024;

/** Reads a file in blocks and gives out pieces: with small pages most of a long read would be the calls themselves. */
export class ReadAhead {
  #block: Uint8Array | undefined;
  #start = 0;
  #end = 0;

  /** @returns bytes read; fewer than asked for at the end of the file only */
  read(calls: FileCalls, fd: number, target: Uint8Array, position: number): number {
    if (target.length >= blockBytes) return readFully(calls, fd, target, position);
    let total = 0;
    while (total < target.length) {
      const piece = this.#at(calls, fd, position + total).subarray(0, target.length - total);
      if (piece.length === 0) break;
      target.set(piece, total);
      total += piece.length;
    }
    return total;
  }

  /** To be called before the file changes. */
  forget(): void {
    this.#end = this.#start;
  }

  /** What the block holds from there on; empty at the end of the file. */
  #at(calls: FileCalls, fd: number, position: number): Uint8Array {
    this.#block ??= new Uint8Array(blockBytes);
    if (position < this.#start || position >= this.#end) {
      this.forget();
      const start = position - (position % blockBytes);
      const count = readFully(calls, fd, this.#block, start);
      this.#start = start;
      this.#end = start + count;
    }
    return this.#block.subarray(Math.min(position, this.#end) - this.#start, this.#end - this.#start);
  }
}
