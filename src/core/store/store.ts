import type { AgentRuntimeState, Bookmark, Channel, Envelope } from '../protocol/events';
import type { AgentId, CallId, MessageId, PermissionId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ModelChoice } from '../protocol/models';
import type { HeldReminder } from '../protocol/reminders';
import type { TodoItem } from '../protocol/todos';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { ModelSpending } from '../protocol/usage';
import type { JsonObject, JsonValue } from '../util/json';

/** What is kept of an agent beside its history. Never a secret. */
export interface AgentInfo {
  readonly agentId: AgentId;
  readonly templateId: string;
  readonly templateVersion?: string;
  readonly createdAt: number;
  /** The agents this one was forked from, oldest first. */
  readonly lineage?: readonly AgentId[];
  /** The name a person gave the session; without one it is called by its first message. */
  readonly title?: string;
  /** Whether the session stays on top of the list. */
  readonly pinned?: boolean;
  /** What the agent was made with, so that it can be resumed by its id alone. */
  readonly config?: JsonObject;
  /** What the model is told first; kept, so that it stays the same to the byte for the whole session. */
  readonly systemPrompt?: string;
  /** What the model was last told of what may change: date, git, open files. */
  readonly situation?: string;
  /** What it was last told of the skills. */
  readonly skills?: string;
  /** What the model reads before its next step, oldest first: what the user made of its edits, for example. */
  readonly told?: readonly string[];
  /** What the model is reminded of before its next step, oldest first. */
  readonly reminders?: readonly HeldReminder[];
  /** The project's instruction files in it, as paths for people. */
  readonly instructions?: readonly string[];
  /** The model that it asks. */
  readonly model?: ModelChoice;
  /** What its subagents are asking the user at this moment. */
  readonly askedBelow?: readonly AskedBelow[];
  readonly metadata?: JsonObject;
}

/** A subagent's question, and the call as which the agent above shows it. */
export interface AskedBelow {
  readonly permissionId: PermissionId;
  readonly callId: CallId;
}

/** A place in the conversation to which one can go back or from which one can fork. */
export interface Snapshot {
  readonly id: string;
  readonly label?: string;
  /** How many messages the conversation had. */
  readonly messageCount: number;
  /** The last one of these: a conversation that went back and on from another place is told by it. */
  readonly lastMessageId?: MessageId;
  /** The last event before it. */
  readonly seq: number;
  readonly createdAt: number;
}

/**
 * 'compaction': what stands for the older part of the conversation in requests. The next are the documented ones of `Store`:
 * saveHistoryWindow, saveCompressionRecord, saveRecoveredFile, saveMediaCache. 'checkpoint': what a file was before a turn, or a
 * restore, changed it. 'restore': that files or the conversation went back. 'rewound': the messages that the last restore took
 * out of the conversation.
 */
export const recordKinds = [
  'compaction',
  'history_window',
  'compression',
  'recovered_file',
  'media',
  'checkpoint',
  'restore',
  'rewound',
] as const;
/** What a record of a session is: see `recordKinds`. */
export type SessionRecordKind = (typeof recordKinds)[number];

/** Something that is kept with a session beside its history. One with the same kind and id takes the place of the one before. */
export interface SessionRecord {
  readonly kind: SessionRecordKind;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly body: JsonObject;
}

/** A turn that was begun and has not come to its end. */
export interface StoredTurn {
  /** The message that started it. */
  readonly messageId: MessageId;
  readonly startedAt: number;
}

/** What one state change adds. All of it is stored together or not at all. */
export interface Batch {
  readonly envelopes: readonly Envelope[];
  /** New messages, after those already stored. */
  readonly messages?: readonly Message[];
  /**
   * Starts a new revision of the conversation: the first `keepMessages` of the current one, then `messages`. Nothing is
   * erased: the earlier revision stays in the store. Absent: `messages` are appended.
   */
  readonly keepMessages?: number;
  /** Tool calls that are new or have changed, by id. */
  readonly toolCalls?: readonly ToolCallRecord[];
  /** The whole list, when it changed. */
  readonly todos?: readonly TodoItem[];
  /** The messages that wait for the running turn to end: the whole list, when it changed. */
  readonly queued?: readonly Message[];
  /** The turn that was begun; `null`: it came to its end. */
  readonly turn?: StoredTurn | null;
  /** Steps so far, when a turn ended. */
  readonly stepCount?: number;
  readonly snapshots?: readonly Snapshot[];
  /** Those that are new or have changed, by kind and id. */
  readonly records?: readonly SessionRecord[];
  /** What all calls of the session have taken: the whole list, when it changed. */
  readonly spending?: readonly ModelSpending[];
  readonly info?: AgentInfo;
}

/** Where a session stands; its size does not grow with the history. */
export interface StoredState {
  readonly info: AgentInfo | undefined;
  /** Messages of the current revision. */
  readonly messageCount: number;
  /** Calls without an end, in the order of their creation. */
  readonly openToolCalls: readonly ToolCallRecord[];
  readonly todos: readonly TodoItem[];
  readonly queued: readonly Message[];
  readonly turn: StoredTurn | undefined;
  readonly stepCount: number;
  readonly spending: readonly ModelSpending[];
  /** The last stored seq; 0 for none. */
  readonly lastSeq: number;
  /** False: the last writer never closed the session, so that it may have shown deltas after `lastSeq` that were lost. */
  readonly closedCleanly: boolean;
}

/** Half-open: messages from place `from` up to, not including, `to`. Default: all. */
export interface MessageRange {
  readonly from?: number;
  readonly to?: number;
}

/** One agent's history, to be read. */
export interface SessionReader {
  load(): Promise<StoredState>;
  /** Messages of the current revision in their order; the array and all in it are never changed. */
  readMessages(range?: MessageRange): Promise<readonly Message[]>;
  /** Stored events strictly after `since`, ascending. */
  readEvents(opts?: { readonly since?: Bookmark; readonly channels?: readonly Channel[] }): AsyncIterable<Envelope>;
  /** Tool calls by id, in the order of their creation; without ids all of them. Unknown ids are left out. */
  readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]>;
  readSnapshots(): Promise<readonly Snapshot[]>;
  /** The records of a kind, in the order in which they came first. */
  readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]>;
  /** An opaque text that is another one after every commit, also of another process. Cheap: made for asking often. */
  version(): Promise<string>;
  close(): Promise<void>;
}

/** What acknowledged data survives: a power cut, whatever the user's own store does, or nothing but the agent's closing. */
export type Durability = 'disk' | 'store' | 'memory';

/** One agent's append-only history, held by one writer. */
export interface SessionLog extends SessionReader {
  /** What `barrier` gives. 'store': nothing of its own; a commit is as safe as the user's own store makes it. Default: 'disk'. */
  readonly durability?: Durability;
  /**
   * Stores a batch in one transaction. Calls come one after the other.
   * @throws StoreError 'conflict' when another writer took over, 'disk_full', 'io', 'closed'; then nothing of it is stored.
   */
  commit(batch: Batch): Promise<void>;
  /** Resolves once everything committed so far would survive a crash and a power cut. @throws StoreError 'io': then nothing can be said about what was not acknowledged. */
  barrier(): Promise<void>;
}

/** What a list shows of a session without opening it. Derived from the history: it can be made again at any time. */
export interface SessionMeta {
  readonly agentId: AgentId;
  readonly templateId: string;
  readonly title: string;
  /** Whether a person gave the title. */
  readonly named: boolean;
  readonly pinned: boolean;
  readonly createdAt: number;
  /** Of the last message or end of a turn. Milliseconds since 1970. */
  readonly updatedAt: number;
  readonly messageCount: number;
  readonly lastSeq: number;
  readonly state: AgentRuntimeState;
  /** Questions without an answer. */
  readonly openApprovals: number;
  readonly lineage: readonly AgentId[];
  readonly metadata: JsonObject;
  /** Nothing of it could be read: all but the id is made up, and what is there may still be salvaged. */
  readonly unreadable?: true;
}

/** Who holds a session. */
export interface SessionHolder {
  /** 'alive': it runs here. 'unknown': another machine or container, or it cannot be told; only a person can decide. */
  readonly state: 'alive' | 'unknown';
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** How a session is opened. */
export interface OpenOptions {
  /**
   * What to do about a holder. 'never' (default): refuse. 'ask': ask a living one to hand over, which an idle one does within
   * a second. 'unjudged': go on in place of one that cannot be judged, a person's decision; a living one is still refused.
   */
  readonly takeOver?: 'never' | 'ask' | 'unjudged';
  /** Milliseconds to wait for the holder to let go. Default 0. */
  readonly waitMs?: number;
}

/** The append-oriented port that the runtime writes to. The documented `Store` names stand once above it. */
export interface SessionStore {
  /**
   * Opens for writing and takes the writer's lease; re-entrant for a lease taken by `hold` of the same store object.
   * @throws StoreError 'exists' | 'not_found' against `mode`, 'damaged', 'newer_version'; SessionHeldError.
   */
  open(agentId: AgentId, mode: 'create' | 'existing', opts?: OpenOptions): Promise<SessionLog>;
  /** Opens for reading beside a writer, who is not disturbed. @throws StoreError 'not_found' | 'damaged'. */
  read(agentId: AgentId): Promise<SessionReader>;
  /** Takes the lease alone. The returned function gives it back; a late call frees nothing of a later owner. @throws SessionHeldError. */
  hold(agentId: AgentId, opts?: OpenOptions): Promise<() => Promise<void>>;
  /** Who holds it, this store object included; undefined: nobody. */
  holder(agentId: AgentId): Promise<SessionHolder | undefined>;
  exists(agentId: AgentId): Promise<boolean>;
  /** Ids in the order of the alphabet. */
  list(prefix?: string): Promise<readonly AgentId[]>;
  /** What a list shows of the sessions, the last changed first; opens none of them. */
  summaries(): Promise<readonly SessionMeta[]>;
  /** Takes a session out of the list; `restore` brings it back. @throws SessionHeldError while it is open elsewhere, StoreError 'conflict' while it is open here. */
  discard(agentId: AgentId): Promise<void>;
  /** @throws StoreError 'not_found' when it is not in the trash, 'exists' when the id was used again. */
  restore(agentId: AgentId): Promise<void>;
  /** Erases an agent, also from the trash. Unknown ids are fine. @throws as `discard`. */
  delete(agentId: AgentId): Promise<void>;
  /** A small document of the store itself, by name. */
  readDocument(name: string): Promise<JsonValue | undefined>;
  /** `undefined` takes it away. */
  writeDocument(name: string, value: JsonValue | undefined): Promise<void>;
  /** The handler hears that another window asks for a session of this store object; true: it was let go. Returns a function that takes the handler away. */
  onHandOverRequest(handler: (agentId: AgentId) => Promise<boolean>): () => void;
}
