import type { FileFacts } from './fileCalls';

/** One piece of a scattered read or write. */
export interface MemoryRange {
  readonly start: number;
  readonly length: number;
}

const decoder = new TextDecoder();

/**
 * Reads and writes the program's memory in the layout of Emscripten's C library (musl, 32 bits, little endian). Growing the
 * memory detaches its buffer, so that views of it are made anew for every call.
 */
export class WasmMemory {
  readonly #memory: { readonly buffer: ArrayBuffer };

  constructor(memory: { readonly buffer: ArrayBuffer }) {
    this.#memory = memory;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** The text from `start` up to a zero byte. */
  text(start: number): string {
    const bytes = this.bytes();
    return decoder.decode(bytes.subarray(start >>> 0, bytes.indexOf(0, start >>> 0)));
  }

  /** An array of `struct iovec`. */
  ranges(start: number, count: number): readonly MemoryRange[] {
    const view = this.#view();
    return Array.from({ length: count }, (_none, index) => ({
      start: view.getUint32((start >>> 0) + 8 * index, true),
      length: view.getUint32((start >>> 0) + 8 * index + 4, true),
    }));
  }

  readPointer(at: number): number {
    return this.#view().getUint32(at >>> 0, true);
  }

  writeInt16(at: number, value: number): void {
    this.#view().setInt16(at >>> 0, value, true);
  }

  writeUint32(at: number, value: number): void {
    this.#view().setUint32(at >>> 0, value, true);
  }

  writeInt64(at: number, value: number): void {
    this.#view().setBigInt64(at >>> 0, BigInt(value), true);
  }

  /** A `struct stat`. Owner and group are left 0: nothing here may depend on them. */
  writeStat(start: number, facts: FileFacts): void {
    const [view, at] = [this.#view(), start >>> 0];
    const seconds = facts.modifiedNs / 1_000_000_000n;
    const rest = Number(facts.modifiedNs % 1_000_000_000n);
    view.setUint32(at, Number(BigInt.asUintN(32, facts.device)), true);
    view.setUint32(at + 4, facts.mode, true);
    view.setUint32(at + 8, 1, true);
    for (const field of [12, 16, 20]) view.setUint32(at + field, 0, true);
    view.setBigInt64(at + 24, BigInt(facts.sizeBytes), true);
    view.setInt32(at + 32, 4096, true);
    view.setInt32(at + 36, Math.ceil(facts.sizeBytes / 512), true);
    for (const field of [40, 56, 72]) {
      view.setBigInt64(at + field, seconds, true);
      view.setUint32(at + field + 8, rest, true);
    }
    view.setBigInt64(at + 88, BigInt.asIntN(64, facts.inode), true);
  }

  #view(): DataView {
    return new DataView(this.#memory.buffer);
  }
}
