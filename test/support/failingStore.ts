import { StoreError } from '../../src/core/errors';
import { MemoryStore } from '../../src/core/store/memoryStore';
import type { Batch, SessionLog } from '../../src/core/store/store';

/** A memory store whose commits are refused as by a full disk, whenever `fails` says so. */
export class FailingStore extends MemoryStore {
  fails: (batch: Batch) => boolean = () => false;

  override async open(...args: Parameters<MemoryStore['open']>): Promise<SessionLog> {
    const log = await super.open(...args);
    const commit = log.commit.bind(log);
    log.commit = async (batch) => {
      if (this.fails(batch)) throw new StoreError('disk_full', 'The disk is full.', { advice: 'Make room.' });
      return commit(batch);
    };
    return log;
  }
}
