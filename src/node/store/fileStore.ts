import type { AgentId } from '../../core/protocol/ids';
import { NamedStore } from '../../core/store/namedStore';
import type { SalvageResult } from '../../core/store/salvageInto';
import type { SessionFormat } from '../sessionFormat';
import { FileSessionStore } from './fileSessionStore';
import type { SearchHit, SearchOptions } from './sessionSearch';
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

  /** What was said in any session, and the titles; the last changed session first. @throws the signal's reason. */
  search(query: string, opts: SearchOptions, signal: AbortSignal): AsyncGenerator<SearchHit, void, undefined> {
    return this.#files.search(query, opts, signal);
  }

  /** Bytes on the disk, trash and blobs included. */
  size(signal: AbortSignal): Promise<number> {
    return this.#files.size(signal);
  }

  /** Makes a new session of everything that can still be read of a damaged one, which stays as it is. @throws StoreError 'not_found' | 'damaged' when nothing can be read. */
  salvage(agentId: AgentId): Promise<SalvageResult> {
    return this.#files.salvage(agentId);
  }

  /** Removes what nobody can reach any more: old trash, blobs without a reference, leftovers of processes that died. */
  sweep(opts?: SweepOptions): Promise<SweepResult> {
    return this.#files.sweep(opts);
  }
}
