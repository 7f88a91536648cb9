import type { Bookmark, Channel, Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { JsonObject } from '../util/json';

/** What is kept of an agent beside its history. */
export interface AgentInfo {
  readonly agentId: AgentId;
  readonly templateId: string;
  readonly createdAt: number;
  /** What the model is told first; kept, so that it stays the same to the byte for the whole session. */
  readonly systemPrompt?: string;
  /** What the model was last told of what may change: date, git, open files. */
  readonly situation?: string;
  /** The project's instruction files in it, as paths for people. */
  readonly instructions?: readonly string[];
  readonly metadata?: JsonObject;
}

/** What one state change adds. All of it is stored together or not at all. */
export interface Batch {
  readonly envelopes: readonly Envelope[];
  /** New messages, after those already stored. */
  readonly messages?: readonly Message[];
  /** Tool calls that are new or have changed, by id. */
  readonly toolCalls?: readonly ToolCallRecord[];
  /** The whole list, when it changed. */
  readonly todos?: readonly TodoItem[];
  readonly info?: AgentInfo;
}

export interface StoredState {
  readonly info: AgentInfo | undefined;
  readonly messages: readonly Message[];
  readonly toolCalls: readonly ToolCallRecord[];
  readonly todos: readonly TodoItem[];
  /** The last stored seq; 0 for none. */
  readonly lastSeq: number;
}

/** One agent's append-only history, held by one writer. */
export interface SessionLog {
  /** Stores a batch in one transaction. Calls come one after the other. @throws StoreError 'conflict' when another writer took over. */
  commit(batch: Batch): Promise<void>;
  /** Resolves once everything committed so far would survive a crash. */
  barrier(): Promise<void>;
  load(): Promise<StoredState>;
  /** Stored events strictly after `since`, ascending. */
  readEvents(opts?: { readonly since?: Bookmark; readonly channels?: readonly Channel[] }): AsyncIterable<Envelope>;
  close(): Promise<void>;
}

/** The append-oriented port that the runtime writes to. The documented `Store` names stand once above it. */
export interface SessionStore {
  /** Opens for writing and takes the writer's lease. @throws StoreError 'exists' | 'not_found' against `mode`. */
  open(agentId: AgentId, mode: 'create' | 'existing'): Promise<SessionLog>;
  exists(agentId: AgentId): Promise<boolean>;
  list(prefix?: string): Promise<readonly AgentId[]>;
  /** Erases an agent. Unknown ids are fine. @throws StoreError 'conflict' while it is open. */
  delete(agentId: AgentId): Promise<void>;
}
