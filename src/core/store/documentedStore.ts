import type { Bookmark, Channel, Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { JsonObject } from '../util/json';
import type {
  AgentStats,
  ConsistencyReport,
  HealthReport,
  MessageFilter,
  MessageRow,
  SessionFilter,
  SessionRow,
  StoreMetrics,
  ToolCallFilter,
  ToolCallRow,
} from './reports';
import type { AgentInfo, Snapshot } from './store';

/** One stored event with its place. */
export type Timeline = Envelope;

/** The todo list as it is kept. */
export interface TodoSnapshot {
  readonly todos: readonly TodoItem[];
  /** Of the format; 1. */
  readonly version: number;
  /** Of the item that changed last; 0 for an empty list. Milliseconds since 1970. */
  readonly updatedAt: number;
}

/**
 * Where agents are kept, agent by agent. A class of your own with these methods can be given as `dependencies.store`; those with a
 * question mark may be left out, and what needs them is then refused with StoreError 'not_supported' by name. `storeConformance` of
 * `countersign/testing` tries it. The runtime's own stores have all of them, and for these holds what is said here:
 *
 * Ids are 1 to 200 characters without separators, control characters or `..`; every method throws StoreError 'invalid_id' for
 * another one. What is not there reads as empty or `undefined`; the first thing that is saved makes the agent. A promise of a
 * saving method resolves once what was saved would survive a crash.
 *
 * While an `Agent` of the same store has a session open, the reading names go on working, and the saving ones throw StoreError
 * 'conflict': its history has one writer. While another process has it open they throw SessionHeldError.
 */
export interface Store {
  /**
   * Saves the whole conversation. Only what is new is written. Messages are never changed in place: a change is a new object,
   * and starts a new revision of the conversation from there; so does a shorter array. A change inside of an old object is seen
   * in the last two messages only.
   */
  saveMessages(agentId: string, messages: readonly Message[]): Promise<void>;
  /** A frozen array of frozen messages: make a new array to add one, `[...messages, message]`. */
  loadMessages(agentId: string): Promise<readonly Message[]>;

  /** Adds and updates calls by id; only those with another `updatedAt` or `state` than the stored ones are written. None is taken away. */
  saveToolCallRecords(agentId: string, records: readonly ToolCallRecord[]): Promise<void>;
  /** In the order of their creation. */
  loadToolCallRecords(agentId: string): Promise<readonly ToolCallRecord[]>;

  saveTodos?(agentId: string, snapshot: TodoSnapshot): Promise<void>;
  loadTodos?(agentId: string): Promise<TodoSnapshot | undefined>;

  /** @throws StoreError 'conflict' when the event's `seq` is not above the last stored one. */
  appendEvent(agentId: string, timeline: Timeline): Promise<void>;
  /** Events strictly after `since`, ascending; of one channel, or of all. */
  readEvents(
    agentId: string,
    opts?: { readonly since?: Bookmark; readonly channel?: Channel },
  ): AsyncIterable<Timeline>;

  /**
   * What somebody who compacts conversations keeps of it, as any JSON: the messages as they were, what stands for them, and the files
   * in them. What has a text as `id` takes the place of the one with the same id; everything else is added. `timestamp` is
   * milliseconds since 1970. Agents need none of it: their messages stay in the session, and what stands for the older ones in
   * requests is a record of their own.
   */
  saveHistoryWindow?(agentId: string, window: JsonObject): Promise<void>;
  /** In the order in which they were first saved. */
  loadHistoryWindows?(agentId: string): Promise<readonly JsonObject[]>;
  saveCompressionRecord?(agentId: string, record: JsonObject): Promise<void>;
  /** With those that the agent made itself: `{id, timestamp, summary, ...}`. By `timestamp`, the newest last. */
  loadCompressionRecords?(agentId: string): Promise<readonly JsonObject[]>;
  saveRecoveredFile?(agentId: string, file: JsonObject): Promise<void>;
  /** In the order in which they were first saved. */
  loadRecoveredFiles?(agentId: string): Promise<readonly JsonObject[]>;
  /** Media that a vendor keeps: the whole list, which takes the place of the one before. */
  saveMediaCache?(agentId: string, records: readonly JsonObject[]): Promise<void>;
  loadMediaCache?(agentId: string): Promise<readonly JsonObject[]>;

  saveSnapshot?(agentId: string, snapshot: Snapshot): Promise<void>;
  loadSnapshot?(agentId: string, snapshotId: string): Promise<Snapshot | undefined>;
  listSnapshots?(agentId: string): Promise<readonly Snapshot[]>;

  /** Every field of it is given back, those included that you do not know. @throws StoreError 'invalid_id' when `info` is another agent's. */
  saveInfo(agentId: string, info: AgentInfo): Promise<void>;
  loadInfo(agentId: string): Promise<AgentInfo | undefined>;

  exists(agentId: string): Promise<boolean>;
  /** Erases an agent. Unknown ones are fine. @throws StoreError 'conflict' while it is open, SessionHeldError. */
  delete(agentId: string): Promise<void>;
  /** Ids in the order of the alphabet. */
  list(prefix?: string): Promise<readonly string[]>;
}

/** A store with all of these names. */
export type WholeStore = Required<Store>;

/** A store that answers questions over many agents. Results come in pages: `limit` (default 100) after `offset` (default 0). */
export interface QueryableStore extends WholeStore {
  /** From the summaries; opens no session. Default order: the last changed first. */
  querySessions(filter?: SessionFilter): Promise<readonly SessionRow[]>;
  /** Sessions in the order in which they were last changed, messages in their order. Reads sessions one after the other, no further than the page goes. */
  queryMessages(filter?: MessageFilter): Promise<readonly MessageRow[]>;
  /** As `queryMessages`, for tool calls. */
  queryToolCalls(filter?: ToolCallFilter): Promise<readonly ToolCallRow[]>;
  /** Counts over one agent, or over all: then it reads every session, one after the other. */
  aggregateStats(agentId?: string): Promise<AgentStats>;
}

/** What running it in production asks for. */
export interface ExtendedStore extends QueryableStore {
  /** Writes, reads and compares a small document. Never throws: what is wrong is in the report. */
  healthCheck(): Promise<HealthReport>;
  /** Reads the whole session and says in plain sentences what does not fit together. @throws StoreError 'not_found'. */
  checkConsistency(agentId: string): Promise<ConsistencyReport>;
  /** Counts and times since this object was made; sizes as they are now. */
  getMetrics(): Promise<StoreMetrics>;
  /**
   * Takes the agent's lease: until it is given back, only agents of this store object can open the session. Waits up to `timeoutMs`
   * (default 30,000) for another holder to let go; the lease itself has no end. A late release frees nothing of a later owner.
   * @throws SessionHeldError with the holder when the time is over.
   */
  acquireAgentLock(agentId: string, timeoutMs?: number): Promise<() => Promise<void>>;
  /**
   * Forks an agent `count` times, and gives the new ids. Each has the whole history up to now, or up to the start of the turn that
   * runs. @throws StoreError 'not_found'.
   */
  batchFork(agentId: string, count: number): Promise<readonly AgentId[]>;
  /** Lets go of everything that the names of this interface have opened. Agents close their sessions themselves. Using it again opens it again. */
  close(): Promise<void>;
}
