import { NamedStore } from '../../core/store/namedStore';
import type { SessionFormat } from '../sessionFormat';
import { FileSessionStore } from './fileSessionStore';
import { folderSize } from './folderSize';
import type { SweepOptions, SweepResult } from './sweepStore';

/** The documented names over sessions in a folder. */
export abstract class FileStore extends NamedStore {
  readonly #files: FileSessionStore;

  /** Nothing is read or written before the store is used. */
  protected constructor(dir: string, format: SessionFormat) {
    const files = new FileSessionStore({ dir, format });
    super(files, { sizeBytes: () => folderSize(files.layout.root) });
    this.#files = files;
  }

  /** Removes what nobody can reach any more: old trash, blobs without a reference, leftovers of processes that died. */
  sweep(opts?: SweepOptions): Promise<SweepResult> {
    return this.#files.sweep(opts);
  }
}
