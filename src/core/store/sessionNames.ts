import { isAgentError, StoreError } from '../errors';
import { isDelta, type Bookmark, type Channel } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { deepFreeze } from '../util/deepFreeze';
import type { JsonObject } from '../util/json';
import { absentIsUndefined } from './absentIsUndefined';
import { checkAgentId } from './agentIds';
import type { Timeline, TodoSnapshot, WholeStore } from './documentedStore';
import { mediaCacheRecord, namedRecord, readCompressions, readMediaCache } from './namedRecords';
import { OpenSessions, type OpenSession } from './openSessions';
import type {
  AgentInfo,
  Batch,
  SessionLog,
  SessionReader,
  SessionRecord,
  SessionRecordKind,
  SessionStore,
  Snapshot,
} from './store';
import { countedLog, countedReader, type OperationMeter } from './storeMetrics';

/** So long a session is waited for: another process that uses these names only lets go of it within that time. */
const heldByNamesMs = 1_500;

/** The documented names that save and load, over any store of sessions. */
export class SessionNames implements Omit<WholeStore, 'exists' | 'delete' | 'list'> {
  readonly #sessions: SessionStore;
  readonly #meter: OperationMeter;
  #hearsRequests = false;
  /** What these names have open. Whoever else wants to write a session goes through `opened.without`. */
  protected readonly opened: OpenSessions;

  constructor(sessions: SessionStore, meter: OperationMeter) {
    this.#sessions = sessions;
    this.#meter = meter;
    this.opened = new OpenSessions({
      hold: (agentId) => sessions.hold(agentId),
      read: (agentId) => sessions.read(agentId),
      openToWrite: (agentId) => this.#openOwn(agentId),
    });
  }

  async saveMessages(agentId: string, messages: readonly Message[]): Promise<void> {
    await this.#save(agentId, ({ log, saved }) => saved.changedMessages(log, messages));
  }

  async loadMessages(agentId: string): Promise<readonly Message[]> {
    return deepFreeze((await this.#load(agentId, (reader) => reader.readMessages())) ?? []);
  }

  async saveToolCallRecords(agentId: string, records: readonly ToolCallRecord[]): Promise<void> {
    await this.#save(agentId, async ({ log, saved }) => {
      const toolCalls = await saved.changedCalls(log, records);
      return toolCalls.length === 0 ? undefined : { toolCalls };
    });
  }

  async loadToolCallRecords(agentId: string): Promise<readonly ToolCallRecord[]> {
    return (await this.#load(agentId, (reader) => reader.readToolCalls())) ?? [];
  }

  async saveTodos(agentId: string, { todos }: TodoSnapshot): Promise<void> {
    await this.#save(agentId, async () => ({ todos }));
  }

  async loadTodos(agentId: string): Promise<TodoSnapshot | undefined> {
    const state = await this.#load(agentId, (reader) => reader.load());
    if (!state) return undefined;
    const updatedAt = Math.max(0, ...state.todos.map((todo) => todo.updatedAt));
    return { todos: state.todos, version: 1, updatedAt };
  }

  async appendEvent(agentId: string, timeline: Timeline): Promise<void> {
    await this.#save(
      agentId,
      async ({ log, saved }) => {
        await saved.takeSeq(log, timeline.bookmark.seq);
        return { envelopes: [timeline] };
      },
      isDelta(timeline.event) ? 'soon' : 'durable',
    );
  }

  async *readEvents(
    agentId: string,
    { since, channel }: { readonly since?: Bookmark; readonly channel?: Channel } = {},
  ): AsyncIterable<Timeline> {
    const reader = await absentIsUndefined(() => this.#read(checkAgentId(agentId)));
    if (!reader) return;
    try {
      yield* reader.readEvents({ ...(since && { since }), ...(channel && { channels: [channel] }) });
    } finally {
      await reader.close();
    }
  }

  async saveHistoryWindow(agentId: string, window: JsonObject): Promise<void> {
    await this.#saveRecord(agentId, namedRecord('history_window', window));
  }

  async loadHistoryWindows(agentId: string): Promise<readonly JsonObject[]> {
    return this.#loadBodies(agentId, 'history_window');
  }

  async saveCompressionRecord(agentId: string, record: JsonObject): Promise<void> {
    await this.#saveRecord(agentId, namedRecord('compression', record));
  }

  async loadCompressionRecords(agentId: string): Promise<readonly JsonObject[]> {
    return (await this.#load(agentId, readCompressions)) ?? [];
  }

  async saveRecoveredFile(agentId: string, file: JsonObject): Promise<void> {
    await this.#saveRecord(agentId, namedRecord('recovered_file', file));
  }

  async loadRecoveredFiles(agentId: string): Promise<readonly JsonObject[]> {
    return this.#loadBodies(agentId, 'recovered_file');
  }

  async saveMediaCache(agentId: string, records: readonly JsonObject[]): Promise<void> {
    await this.#saveRecord(agentId, mediaCacheRecord(records));
  }

  async loadMediaCache(agentId: string): Promise<readonly JsonObject[]> {
    return (await this.#load(agentId, readMediaCache)) ?? [];
  }

  async saveSnapshot(agentId: string, snapshot: Snapshot): Promise<void> {
    await this.#save(agentId, async () => ({ snapshots: [snapshot] }));
  }

  async loadSnapshot(agentId: string, snapshotId: string): Promise<Snapshot | undefined> {
    return (await this.listSnapshots(agentId)).find(({ id }) => id === snapshotId);
  }

  async listSnapshots(agentId: string): Promise<readonly Snapshot[]> {
    return (await this.#load(agentId, (reader) => reader.readSnapshots())) ?? [];
  }

  async saveInfo(agentId: string, info: AgentInfo): Promise<void> {
    if (info.agentId !== agentId)
      throw new StoreError('invalid_id', `The info of ${JSON.stringify(info.agentId)} is not that of ${agentId}.`, {
        advice: 'Save it under its own id.',
      });
    await this.#save(agentId, async () => ({ info }));
  }

  async loadInfo(agentId: string): Promise<AgentInfo | undefined> {
    return (await this.#load(agentId, (reader) => reader.load()))?.info;
  }

  async #saveRecord(agentId: string, record: SessionRecord): Promise<void> {
    await this.#save(agentId, async () => ({ records: [record] }));
  }

  async #loadBodies(agentId: string, kind: SessionRecordKind): Promise<readonly JsonObject[]> {
    const records = await this.#load(agentId, (reader) => reader.readRecords(kind));
    return records?.map(({ body }) => body) ?? [];
  }

  async #save(
    agentId: string,
    toBatch: (session: OpenSession) => Promise<Partial<Batch> | undefined>,
    durability: 'durable' | 'soon' = 'durable',
  ): Promise<void> {
    await this.opened.use(checkAgentId(agentId), async (session) => {
      const batch = await toBatch(session);
      if (!batch) return;
      await session.log.commit({ envelopes: [], ...batch });
      if (durability === 'durable') await session.log.barrier();
    });
  }

  async #load<T>(agentId: string, look: (reader: SessionReader) => Promise<T>): Promise<T | undefined> {
    const id = checkAgentId(agentId);
    if (this.opened.has(id)) return this.opened.use(id, ({ log }) => look(log));
    const reader = await absentIsUndefined(() => this.#read(id));
    if (!reader) return undefined;
    try {
      return await look(reader);
    } finally {
      await reader.close();
    }
  }

  async #read(agentId: AgentId): Promise<SessionReader> {
    return countedReader(await this.#sessions.read(agentId), this.#meter);
  }

  async #openOwn(agentId: AgentId): Promise<SessionLog> {
    if (!this.#hearsRequests) {
      this.#hearsRequests = true;
      this.#sessions.onHandOverRequest(async (wanted) => {
        if (!this.opened.has(wanted)) return false;
        await this.opened.without(wanted, async () => undefined);
        return true;
      });
    }
    try {
      const existing = await absentIsUndefined(() =>
        this.#sessions.open(agentId, 'existing', { waitMs: heldByNamesMs }),
      );
      return countedLog(
        existing ?? (await this.#sessions.open(agentId, 'create', { waitMs: heldByNamesMs })),
        this.#meter,
      );
    } catch (error) {
      if (!isAgentError(error) || error.code !== 'conflict') throw error;
      throw new StoreError('conflict', `An agent has the session ${agentId} open, and it alone writes it.`, {
        advice: 'Use the agent (send, setTodos, snapshot), or close it first: `await agent[Symbol.asyncDispose]()`.',
        cause: error,
      });
    }
  }
}
