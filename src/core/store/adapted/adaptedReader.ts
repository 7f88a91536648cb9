import type { Envelope } from '../../protocol/events';
import type { AgentId, CallId } from '../../protocol/ids';
import type { Message } from '../../protocol/messages';
import { isFinal, type ToolCallRecord } from '../../protocol/toolCalls';
import { fingerprint } from '../../util/fingerprint';
import { isJsonObject } from '../../util/json';
import type { MessageRange, SessionReader, SessionRecord, SessionRecordKind, Snapshot, StoredState } from '../store';
import { infoIn, keptInfo, type KeptInfo } from './keptInfo';
import { readRecords } from './storedRecords';
import { damaged, failureOf, type UserStore } from './userStore';

export type EventOptions = NonNullable<Parameters<SessionReader['readEvents']>[0]>;

/** A session in somebody's own store, as it is stored at the moment of each question. */
export class AdaptedReader implements SessionReader {
  protected readonly store: UserStore;
  protected readonly agentId: AgentId;

  constructor(store: UserStore, agentId: AgentId) {
    this.store = store;
    this.agentId = agentId;
  }

  async load(): Promise<StoredState> {
    const [info, messages, calls] = [await this.loadInfo(), await this.messages(), await this.toolCalls()];
    const todos = await this.store.call('loadTodos', (own) => own.loadTodos?.(this.agentId));
    const { queued = [], turn, stepCount = 0, spending = [], closed = false } = info?.session ?? {};
    const begun = new Set(messages.map(({ id }) => id));
    const lastSeq = await this.lastSeq();
    return {
      info: info && infoIn(info),
      messageCount: messages.length,
      openToolCalls: calls.filter(({ state }) => !isFinal(state)),
      todos: todos?.todos ?? [],
      // A crash between the two writes leaves a message in line whose turn has begun.
      queued: queued.filter(({ id }) => !begun.has(id)),
      turn: turn ?? undefined,
      ...{ stepCount, spending, lastSeq },
      closedCleanly: info ? closed : lastSeq === 0,
    };
  }

  async readMessages({ from = 0, to }: MessageRange = {}): Promise<readonly Message[]> {
    return Object.freeze((await this.messages()).slice(from, to));
  }

  /** `since` is never handed on: some stores compare it with a number of their own. */
  async *readEvents({ since, channels }: EventOptions = {}): AsyncIterable<Envelope> {
    // What a failed commit left behind has the number of what came instead, and came before it.
    const bySeq = new Map<number, Envelope>();
    for await (const envelope of this.#stored(channels?.length === 1 ? channels[0] : undefined))
      if (envelope.bookmark.seq > (since?.seq ?? 0) && (channels?.includes(envelope.event.channel) ?? true))
        bySeq.set(envelope.bookmark.seq, envelope);
    yield* [...bySeq.values()].sort((left, right) => left.bookmark.seq - right.bookmark.seq);
  }

  async readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    const calls = await this.toolCalls();
    return ids ? calls.filter(({ id }) => ids.includes(id)) : calls;
  }

  readSnapshots(): Promise<readonly Snapshot[]> {
    return this.store.list('listSnapshots', (own) => own.listSnapshots?.(this.agentId));
  }

  readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]> {
    return readRecords(this.store, this.agentId, kind);
  }

  /** Not cheap here: there is nothing in a store of one's own that tells of a change. */
  async version(): Promise<string> {
    const info = await this.loadInfo();
    return fingerprint(JSON.stringify([info, (await this.messages()).length, await this.lastSeq()]));
  }

  async close(): Promise<void> {
    // There is nothing to let go of.
  }

  protected messages(): Promise<readonly Message[]> {
    return this.store.list('loadMessages', (own) => own.loadMessages(this.agentId));
  }

  protected toolCalls(): Promise<readonly ToolCallRecord[]> {
    return this.store.list('loadToolCallRecords', (own) => own.loadToolCallRecords(this.agentId));
  }

  protected async loadInfo(): Promise<KeptInfo | undefined> {
    const info = await this.store.call('loadInfo', (own) => own.loadInfo(this.agentId));
    return info ? keptInfo(info) : undefined;
  }

  protected async lastSeq(): Promise<number> {
    let last = 0;
    for await (const { bookmark } of this.#stored()) last = Math.max(last, bookmark.seq);
    return last;
  }

  async *#stored(channel?: Envelope['event']['channel']): AsyncIterable<Envelope> {
    try {
      const events = await this.store.call('readEvents', (own) =>
        own.readEvents(this.agentId, channel ? { channel } : undefined),
      );
      for await (const envelope of events) {
        if (!isEnvelope(envelope)) throw damaged('readEvents', envelope);
        yield envelope;
      }
    } catch (error) {
      throw failureOf('readEvents', error);
    }
  }
}

/** What a store gives is looked at once, where it comes in. */
function isEnvelope(found: unknown): found is Envelope {
  if (!isJsonObject(found)) return false;
  const { bookmark, event } = found;
  return isJsonObject(bookmark) && Number.isSafeInteger(bookmark['seq']) && isJsonObject(event);
}
