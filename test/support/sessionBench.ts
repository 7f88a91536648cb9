import { StoreError } from '../../src/core/errors';
import type { AgentId } from '../../src/core/protocol/ids';
import type { SessionLog, SessionReader, SessionStore } from '../../src/core/store/store';
import type { SessionFormat } from '../../src/node/sessionFormat';

/** One session of some store: what a suite needs to try it. */
export interface SessionBench {
  create(): Promise<SessionLog>;
  reopen(): Promise<SessionLog>;
  read(): Promise<SessionReader>;
}

export interface LeasedBench extends SessionBench {
  /** From now on another writer holds the session. */
  loseLease(): void;
}

/** A session of a store. */
export function storeBench(store: SessionStore, name: string): SessionBench {
  const agentId = name as AgentId;
  return {
    create: () => store.open(agentId, 'create'),
    reopen: () => store.open(agentId, 'existing'),
    read: () => store.read(agentId),
  };
}

/** A history in this folder, without a store around it. */
export function formatBench(format: SessionFormat, folder: string): LeasedBench {
  let isLost = false;
  const ports = {
    checkLease: () => {
      if (isLost) throw new StoreError('conflict', 'Taken over.', { advice: 'Open it again.' });
    },
  };
  return {
    create: () => format.open(folder, 'create', ports),
    reopen: () => format.open(folder, 'existing', ports),
    read: () => format.read(folder),
    loseLease: () => void (isLost = true),
  };
}
