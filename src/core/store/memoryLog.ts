import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import type { AgentId, CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import { isFinal, type ToolCallRecord } from '../protocol/toolCalls';
import type { ModelSpending } from '../protocol/usage';
import { emptyMeta, nextMeta } from './meta';
import { checkRising } from './risingSeq';
import type {
  AgentInfo,
  Batch,
  MessageRange,
  SessionLog,
  SessionMeta,
  SessionReader,
  SessionRecord,
  SessionRecordKind,
  Snapshot,
  StoredState,
  StoredTurn,
} from './store';
import { wholeParts, type WholePart } from './wholeParts';

/** A session as JSON texts. */
export interface StoredSession {
  open: boolean;
  closedCleanly: boolean;
  meta: SessionMeta;
  commits: number;
  /** One document each for what is kept whole: info, todos, queue, turn, number of steps. */
  readonly whole: Map<WholePart, string>;
  /** The conversation's revisions, the last one current. */
  readonly revisions: string[][];
  /** `place`: in the order of their creation. */
  readonly toolCalls: Map<CallId, { readonly place: number; readonly json: string }>;
  readonly snapshots: Map<string, string>;
  /** By kind and id. */
  readonly records: Map<SessionRecordKind, Map<string, string>>;
  readonly events: { readonly seq: number; readonly channel: string; readonly json: string }[];
}

export function newStoredSession(agentId: AgentId): StoredSession {
  return {
    ...{ open: false, closedCleanly: true, meta: emptyMeta(agentId, 0), commits: 0 },
    ...{ whole: new Map(), revisions: [[]], toolCalls: new Map(), snapshots: new Map(), records: new Map() },
    events: [],
  };
}

export class MemoryReader implements SessionReader {
  protected readonly session: StoredSession;

  constructor(session: StoredSession) {
    this.session = session;
  }

  async load(): Promise<StoredState> {
    const { whole, revisions, toolCalls, events, closedCleanly } = this.session;
    const read = (name: Parameters<typeof whole.get>[0]): unknown => {
      const json = whole.get(name);
      return json === undefined ? undefined : parse(json);
    };
    const calls = [...toolCalls.values()].map(({ json }) => parse(json) as ToolCallRecord);
    return {
      info: read('info') as AgentInfo | undefined,
      messageCount: revisions.at(-1)?.length ?? 0,
      openToolCalls: calls.filter((call) => !isFinal(call.state)),
      todos: (read('todos') ?? []) as readonly TodoItem[],
      queued: (read('queued') ?? []) as readonly Message[],
      turn: (read('turn') ?? undefined) as StoredTurn | undefined,
      stepCount: (read('stepCount') ?? 0) as number,
      spending: (read('spending') ?? []) as readonly ModelSpending[],
      lastSeq: events.at(-1)?.seq ?? 0,
      closedCleanly,
    };
  }

  async readMessages({ from = 0, to }: MessageRange = {}): Promise<readonly Message[]> {
    const current = this.session.revisions.at(-1) ?? [];
    return Object.freeze(current.slice(from, to).map((json) => parse(json) as Message));
  }

  async *readEvents(opts: Parameters<SessionReader['readEvents']>[0] = {}): AsyncIterable<Envelope> {
    const since = opts.since?.seq ?? 0;
    const channels = opts.channels && new Set<string>(opts.channels);
    for (const event of this.session.events)
      if (event.seq > since && (!channels || channels.has(event.channel))) yield parse(event.json) as Envelope;
  }

  async readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    const { toolCalls } = this.session;
    const found = ids ? ids.flatMap((id) => toolCalls.get(id) ?? []) : [...toolCalls.values()];
    const inOrder = found.sort((left, right) => left.place - right.place);
    return inOrder.map(({ json }) => parse(json) as ToolCallRecord);
  }

  async readSnapshots(): Promise<readonly Snapshot[]> {
    return [...this.session.snapshots.values()].map((json) => parse(json) as Snapshot);
  }

  async readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]> {
    return [...(this.session.records.get(kind)?.values() ?? [])].map((json) => parse(json) as SessionRecord);
  }

  async version(): Promise<string> {
    return String(this.session.commits);
  }

  async close(): Promise<void> {
    // There is nothing to let go of.
  }
}

export class MemoryLog extends MemoryReader implements SessionLog {
  readonly durability = 'memory';
  #open = true;

  async commit(batch: Batch): Promise<void> {
    this.#checkOpen();
    const { session } = this;
    checkRising(batch.envelopes, session.events.at(-1)?.seq ?? 0);
    for (const envelope of batch.envelopes)
      session.events.push({
        seq: envelope.bookmark.seq,
        channel: envelope.event.channel,
        json: JSON.stringify(envelope),
      });
    if (batch.keepMessages !== undefined) session.revisions.push(this.#current().slice(0, batch.keepMessages));
    for (const message of batch.messages ?? []) this.#current().push(JSON.stringify(message));
    for (const call of batch.toolCalls ?? []) {
      const place = session.toolCalls.get(call.id)?.place ?? session.toolCalls.size;
      session.toolCalls.set(call.id, { place, json: JSON.stringify(call) });
    }
    for (const snapshot of batch.snapshots ?? []) session.snapshots.set(snapshot.id, JSON.stringify(snapshot));
    for (const record of batch.records ?? []) this.#recordsOf(record.kind).set(record.id, JSON.stringify(record));
    for (const name of wholeParts) if (batch[name] !== undefined) session.whole.set(name, JSON.stringify(batch[name]));
    session.meta = nextMeta(session.meta, batch);
    session.closedCleanly = false;
    session.commits++;
  }

  async barrier(): Promise<void> {
    this.#checkOpen(); // Memory does not survive a crash: there is nothing to wait for.
  }

  override async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.session.open = false;
    this.session.closedCleanly = true;
  }

  #checkOpen(): void {
    if (!this.#open) throw new StoreError('closed', 'The session was closed.', { advice: 'Open it again.' });
  }

  #recordsOf(kind: SessionRecordKind): Map<string, string> {
    const known = this.session.records.get(kind) ?? new Map<string, string>();
    this.session.records.set(kind, known);
    return known;
  }

  #current(): string[] {
    const current = this.session.revisions.at(-1) ?? [];
    if (this.session.revisions.length === 0) this.session.revisions.push(current);
    return current;
  }
}

/** Gives back what `JSON.stringify` was given a moment ago. */
function parse(json: string): unknown {
  return JSON.parse(json);
}
