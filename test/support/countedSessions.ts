import type { SessionLog, SessionStore } from '../../src/core/store/store';

/** What reached a store of sessions. */
export interface Reached {
  opened: number;
  closed: number;
  commits: number;
  messagesWritten: number;
  callsWritten: number;
  messagesRead: number;
}

/** The same store, with a count of what reaches it. */
export function countedSessions(sessions: SessionStore): {
  readonly sessions: SessionStore;
  readonly reached: Reached;
} {
  const reached: Reached = { opened: 0, closed: 0, commits: 0, messagesWritten: 0, callsWritten: 0, messagesRead: 0 };
  const open: SessionStore['open'] = async (...args) => {
    const log = await sessions.open(...args);
    reached.opened++;
    return countedLog(log, reached);
  };
  return { reached, sessions: forwarding(sessions, { open }) };
}

function countedLog(log: SessionLog, reached: Reached): SessionLog {
  return forwarding(log, {
    commit: async (batch) => {
      reached.commits++;
      reached.messagesWritten += batch.messages?.length ?? 0;
      reached.callsWritten += batch.toolCalls?.length ?? 0;
      await log.commit(batch);
    },
    readMessages: async (range) => {
      const messages = await log.readMessages(range);
      reached.messagesRead += messages.length;
      return messages;
    },
    close: async () => {
      reached.closed++;
      await log.close();
    },
  });
}

/** An object with some methods replaced; the others are those of the real one. */
export function forwarding<T extends object>(real: T, replaced: Partial<T>): T {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(name in replaced ? replaced : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
