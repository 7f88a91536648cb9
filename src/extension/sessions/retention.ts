import type { AgentId } from '../../core/protocol/ids';
import { StoreError } from '../../core/errors';
import type { SessionStore } from '../../core/store/store';
import { isJsonObject } from '../../core/util/json';
import { sleep } from '../../core/util/sleep';

export interface RetentionPorts {
  readonly store: Pick<SessionStore, 'summaries' | 'discard' | 'readDocument' | 'writeDocument'>;
  /** Erases what has been in the trash for longer than this, and what nobody can reach any more. */
  readonly sweep: (trashOlderThanMs: number) => Promise<void>;
  /** Whole days; 0: for ever. */
  readonly settings: () => { readonly keepDays: number; readonly trashDays: number };
  readonly now: () => number;
}

const dayMs = 86_400_000;
const documentName = 'retention';
/** Milliseconds of rest after each session, so that the editor never notices. */
const pauseMs = 20;

/**
 * Puts sessions into the trash that nobody has touched for as long as the user keeps them, and empties the trash of what is
 * old. Once a day for all windows; what is pinned, cannot be read or is worked in always stays.
 * @returns the sessions that went into the trash
 */
export async function applyRetention(ports: RetentionPorts, signal: AbortSignal): Promise<readonly AgentId[]> {
  const { store, settings, now } = ports;
  const start = now();
  const { keepDays, trashDays } = settings();
  if (start - (await lastRun(store)) < dayMs) return [];
  await store.writeDocument(documentName, { lastRun: start });
  await ports.sweep(trashDays === 0 ? Infinity : trashDays * dayMs);
  if (keepDays === 0) return [];
  const before = start - keepDays * dayMs;
  const old = (await store.summaries()).filter(
    ({ pinned, unreadable, updatedAt }) => !pinned && !unreadable && updatedAt < before,
  );
  const gone: AgentId[] = [];
  for (const { agentId } of old) {
    signal.throwIfAborted();
    if (await discardUnlessOpen(store, agentId)) gone.push(agentId);
    await sleep(pauseMs, signal);
  }
  return gone;
}

async function lastRun(store: RetentionPorts['store']): Promise<number> {
  const kept = await store.readDocument(documentName);
  const value = isJsonObject(kept) ? kept['lastRun'] : undefined;
  return typeof value === 'number' ? value : 0;
}

async function discardUnlessOpen(store: RetentionPorts['store'], agentId: AgentId): Promise<boolean> {
  try {
    await store.discard(agentId);
    return true;
  } catch (error) {
    if (error instanceof StoreError && (error.code === 'held' || error.code === 'conflict')) return false;
    throw error;
  }
}
