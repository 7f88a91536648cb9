import type { AgentId, CallId } from '../src/core/protocol/ids';
import type { Message } from '../src/core/protocol/messages';
import { isFinal, type ToolCallRecord } from '../src/core/protocol/toolCalls';
import { MemoryStore } from '../src/core/store/memoryStore';
import type { AgentInfo, Batch, SessionLog } from '../src/core/store/store';

interface Kept {
  info: AgentInfo | undefined;
  lastSeq: number;
  messages: Message[];
  readonly calls: Map<CallId, ToolCallRecord>;
}

/** Keeps the very objects that the runtime must read again, and nothing else: what is left is the runtime's own cost. */
export class NoOpStore extends MemoryStore {
  readonly #kept = new Map<AgentId, Kept>();

  override async open(agentId: AgentId): Promise<SessionLog> {
    const kept = this.#kept.get(agentId) ?? { info: undefined, lastSeq: 0, messages: [], calls: new Map() };
    this.#kept.set(agentId, kept);
    return logOf(kept);
  }
}

function logOf(kept: Kept): SessionLog {
  return {
    commit: async (batch) => take(kept, batch),
    barrier: async () => undefined,
    load: async () => ({
      ...{ info: kept.info, messageCount: kept.messages.length, lastSeq: kept.lastSeq, closedCleanly: true },
      ...{ todos: [], queued: [], turn: undefined, stepCount: 0, spending: [] },
      openToolCalls: [...kept.calls.values()].filter(({ state }) => !isFinal(state)),
    }),
    readMessages: async ({ from = 0, to } = {}) => kept.messages.slice(from, to),
    readToolCalls: async (ids) => (ids ? ids.flatMap((id) => kept.calls.get(id) ?? []) : [...kept.calls.values()]),
    async *readEvents() {},
    readSnapshots: async () => [],
    readRecords: async () => [],
    version: async () => String(kept.lastSeq),
    close: async () => undefined,
  };
}

function take(kept: Kept, { envelopes, messages = [], keepMessages, toolCalls = [], info }: Batch): void {
  if (keepMessages !== undefined) kept.messages = kept.messages.slice(0, keepMessages);
  kept.messages.push(...messages);
  for (const call of toolCalls) kept.calls.set(call.id, call);
  kept.lastSeq = envelopes.at(-1)?.bookmark.seq ?? kept.lastSeq;
  kept.info = info ?? kept.info;
}
