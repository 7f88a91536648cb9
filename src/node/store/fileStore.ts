import { NamedStore } from '../../core/store/namedStore';
import type { SessionFormat } from '../sessionFormat';
import { FileSessionStore } from './fileSessionStore';
import type { SweepOptions, SweepResult } from './sweepStore';

const neverAborted = new AbortController().signal;

/** The documented names over sessions in a folder, and what only a folder can do. */
export abstract class FileStore extends NamedStore {
  readonly #files: FileSessionStore;

  /** Nothing is read or written before the store is used. */
  protected constructor(dir: string, format: SessionFormat) {
    const files = new FileSessionStore({ dir, format });
    super(files, { sizeBytes: () => files.size(neverAborted) });
    this.#files = files;
  }

  /** See `FileSessionStore.search`. */
  search(...args: Parameters<FileSessionStore['search']>): ReturnType<FileSessionStore['search']> {
    return this.#files.search(...args);
  }

  /** Bytes on the disk, trash and blobs included. */
  size(signal: AbortSignal): Promise<number> {
    return this.#files.size(signal);
  }

  /** See `FileSessionStore.salvage`. */
  salvage(...args: Parameters<FileSessionStore['salvage']>): ReturnType<FileSessionStore['salvage']> {
    return this.#files.salvage(...args);
  }

  /** Removes what nobody can reach any more: old trash, blobs without a reference, leftovers of processes that died. */
  sweep(opts?: SweepOptions): Promise<SweepResult> {
    return this.#files.sweep(opts);
  }
}
