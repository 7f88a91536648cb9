import { isAgentError, StoreError } from '../../core/errors';
import type { AgentId } from '../../core/protocol/ids';
import type { AppView } from '../../core/protocol/view';
import { MemoryStore } from '../../core/store/memoryStore';
import { searchLines } from '../../core/store/meta';
import type { SessionMeta, SessionStore } from '../../core/store/store';
import { sleep } from '../../core/util/sleep';
import type { SearchText, TextMatch } from './sessionSearch';
import { errorText } from '../../core/util/errorText';

/** Where the sessions are kept, with what goes beyond the store's port. */
export interface SessionStorage {
  readonly store: SessionStore;
  readonly searchText: SearchText;
  /** Makes a new session of what can still be read of a damaged one. */
  readonly salvage: (agentId: AgentId) => Promise<AgentId>;
  /** What all sessions take on disk, in bytes. */
  readonly sizeBytes?: () => Promise<number>;
  /** Erases what has been in the trash for longer than this, and what nobody can reach any more. */
  readonly sweep: (trashOlderThanMs: number) => Promise<void>;
}

export interface OpenedStorage extends SessionStorage {
  /** Why sessions cannot be kept: they live in memory then. */
  readonly problem?: NonNullable<AppView['storageProblem']>;
}

/** Milliseconds for which a storage is waited for: one on a share that is gone would never answer. */
const answerMs = 10_000;

/** The storage, or, where it does not work on this machine or does not answer in time, memory and the reason. Never fails. */
export async function openStorage(
  open: () => Promise<SessionStorage>,
  report: (error: unknown) => void,
  waitMs = answerMs,
): Promise<OpenedStorage> {
  try {
    return await within(waitMs, open());
  } catch (error) {
    report(error);
    return { ...memoryStorage(), problem: problemOf(error) };
  }
}

/** Sessions that are gone with the window. */
export function memoryStorage(store: SessionStore = new MemoryStore()): SessionStorage {
  return {
    store,
    searchText: (query, sessions, signal) => searchMessages(store, query, sessions, signal),
    sweep: async () => undefined,
    salvage: (agentId) =>
      Promise.reject(new StoreError('not_supported', `The session ${agentId} is not damaged.`, { advice: 'Go on.' })),
  };
}

async function within<T>(waitMs: number, answer: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = sleep(waitMs, stop.signal).then(() => {
    throw new StoreError('unavailable', `The folder of the sessions did not answer for ${waitMs / 1_000} seconds.`, {
      advice: 'Reload the window once its disk answers again.',
    });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop.abort(new Error('The storage has answered.'));
  }
}

function problemOf(error: unknown): NonNullable<AppView['storageProblem']> {
  const why = errorText(error);
  const advice = isAgentError(error) && error.advice !== '' ? ` ${error.advice}` : '';
  return {
    message: `Sessions cannot be kept on this machine: ${why}`,
    advice: `They live in memory until the window closes.${advice}`,
  };
}

async function* searchMessages(
  store: SessionStore,
  query: string,
  sessions: readonly SessionMeta[],
  signal: AbortSignal,
): AsyncIterable<TextMatch> {
  const [first = '', ...others] = query.toLocaleLowerCase().trim().split(/\s+/u);
  for (const { agentId } of sessions) {
    signal.throwIfAborted();
    const reader = await store.read(agentId);
    const lines = searchLines(await reader.readMessages()).map(({ text }) => text.replace(/\s+/gu, ' '));
    await reader.close();
    const line = lines.find((text) => [first, ...others].every((word) => text.toLocaleLowerCase().includes(word)));
    if (line !== undefined) yield { agentId, text: around(line, first) };
  }
}

/** The text around the first place where it holds what was searched, on one line. */
function around(line: string, wanted: string): string {
  const start = Math.max(0, line.toLocaleLowerCase().indexOf(wanted) - 40);
  const end = start + wanted.length + 80;
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
}
