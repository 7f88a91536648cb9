import { StoreError } from '../../errors';
import type { Envelope } from '../../protocol/events';
import type { AgentId } from '../../protocol/ids';
import type { Message } from '../../protocol/messages';
import type { ToolCallRecord } from '../../protocol/toolCalls';
import { checkRising } from '../risingSeq';
import type { Batch, SessionLog, SessionMeta } from '../store';
import { AdaptedReader, type EventOptions } from './adaptedReader';
import { KeptList } from './keptList';
import { changesInfo, metaOf, nextInfo, type KeptInfo } from './keptInfo';
import { namesFor, saveRecord } from './storedRecords';
import type { UserStore } from './userStore';
import { Turns } from '../../util/turns';

/** Events that are kept at hand, so that whoever subscribes in a turn does not read the whole history. */
const mostRecent = 500;

/**
 * A session in somebody's own store, held by one writer. A commit is several calls: messages, tool records, events, then what
 * goes with the info. Where one of them fails, nothing of the commit counts, and the next one writes the lists anew.
 */
export class AdaptedLog extends AdaptedReader implements SessionLog {
  readonly durability = 'store';
  readonly #onClose: () => void;
  #info: KeptInfo | undefined;
  #lastSeq = 0;
  #recentFrom = 0;
  #recent: Envelope[] = [];
  readonly #messages: KeptList<Message>;
  readonly #calls: KeptList<ToolCallRecord>;
  /** A commit failed half-way: the store may hold what does not count. */
  #isTorn = false;
  #isWritten = false;
  #isClosed = false;
  readonly #turns = new Turns();

  constructor(store: UserStore, agentId: AgentId, onClose: () => void) {
    super(store, agentId);
    this.#onClose = onClose;
    this.#messages = new KeptList({
      load: () => super.messages(),
      save: (list) => store.call('saveMessages', (own) => own.saveMessages(agentId, list)),
    });
    this.#calls = new KeptList({
      load: () => super.toolCalls(),
      save: (list) => store.call('saveToolCallRecords', (own) => own.saveToolCallRecords(agentId, list)),
    });
  }

  /** Looks where the session stands; to be called once, before anything else. */
  async begin(): Promise<void> {
    this.#info = await super.loadInfo();
    this.#lastSeq = await super.lastSeq();
    this.#recentFrom = this.#lastSeq;
  }

  get meta(): SessionMeta | undefined {
    return this.#info && metaOf(this.#info);
  }

  commit(batch: Batch): Promise<void> {
    return this.#turns.take(() => this.#commit(batch));
  }

  async #commit(batch: Batch): Promise<void> {
    if (this.#isClosed) throw new StoreError('closed', 'The session was closed.', { advice: 'Open it again.' });
    const lastSeq = checkRising(batch.envelopes, this.#lastSeq);
    this.#checkSupported(batch);
    const info = nextInfo(this.agentId, this.#info, batch);
    const isDue = this.#isTorn || !this.#isWritten || changesInfo(batch);
    this.#isTorn = true;
    if (!this.#info) await this.#saveInfo(info); // Others may refer to it.
    await this.#messages.write(changeOfMessages(batch));
    await this.#calls.write(changeOfCalls(batch));
    const envelopes = batch.envelopes.map(plain);
    for (const envelope of envelopes)
      await this.store.call('appendEvent', (own) => own.appendEvent(this.agentId, envelope));
    await this.#saveBeside(batch);
    if (isDue) await this.#saveInfo(info);
    this.#messages.settle();
    this.#calls.settle();
    [this.#info, this.#lastSeq, this.#isTorn, this.#isWritten] = [info, lastSeq, false, true];
    this.#remember(envelopes);
  }

  /** There is none: what a commit has saved is as safe as the store makes it. */
  async barrier(): Promise<void> {
    if (this.#isClosed) throw new StoreError('closed', 'The session was closed.', { advice: 'Open it again.' });
  }

  override async *readEvents(opts: EventOptions = {}): AsyncIterable<Envelope> {
    const since = opts.since?.seq ?? 0;
    const { channels } = opts;
    if (since < this.#recentFrom) yield* super.readEvents(opts);
    else
      for (const envelope of this.#recent.slice())
        if (envelope.bookmark.seq > since && (channels?.includes(envelope.event.channel) ?? true)) yield envelope;
  }

  override close(): Promise<void> {
    return this.#turns.take(() => this.#close());
  }

  async #close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      if (this.#isTorn) await this.#commit({ envelopes: [] });
      const info = this.#info ?? nextInfo(this.agentId, undefined, { envelopes: [] });
      if (this.#isWritten || !this.#info) await this.#saveInfo({ ...info, session: { ...info.session, closed: true } });
    } finally {
      this.#isClosed = true;
      this.#onClose();
    }
  }

  protected override messages(): Promise<readonly Message[]> {
    return this.#messages.read();
  }

  protected override toolCalls(): Promise<readonly ToolCallRecord[]> {
    return this.#calls.read();
  }

  protected override async loadInfo(): Promise<KeptInfo | undefined> {
    return this.#info;
  }

  protected override async lastSeq(): Promise<number> {
    return this.#lastSeq;
  }

  #checkSupported({ todos, snapshots = [], records = [] }: Batch): void {
    if (todos) this.store.mustHave('saveTodos');
    if (snapshots.length > 0) this.store.mustHave('saveSnapshot');
    for (const { kind } of records) this.store.mustHave(namesFor(kind)[0]);
  }

  async #saveBeside({ todos, snapshots = [], records = [] }: Batch): Promise<void> {
    if (todos) {
      const updatedAt = Math.max(0, ...todos.map((todo) => todo.updatedAt));
      await this.store.call('saveTodos', (own) => own.saveTodos?.(this.agentId, { todos, version: 1, updatedAt }));
    }
    for (const snapshot of snapshots)
      await this.store.call('saveSnapshot', (own) => own.saveSnapshot?.(this.agentId, snapshot));
    for (const record of records) await saveRecord(this.store, this.agentId, record);
  }

  async #saveInfo(info: KeptInfo): Promise<void> {
    await this.store.call('saveInfo', (own) => own.saveInfo(this.agentId, info));
  }

  #remember(envelopes: readonly Envelope[]): void {
    this.#recent.push(...envelopes);
    if (this.#recent.length <= mostRecent) return;
    const dropped = this.#recent.splice(0, this.#recent.length - mostRecent / 2);
    this.#recentFrom = dropped.at(-1)?.bookmark.seq ?? this.#recentFrom;
  }
}

function changeOfMessages({ keepMessages, messages = [] }: Batch) {
  if (keepMessages === undefined && messages.length === 0) return undefined;
  return (before: readonly Message[]): readonly Message[] => [...before.slice(0, keepMessages), ...messages.map(plain)];
}

function changeOfCalls({ toolCalls = [] }: Batch) {
  if (toolCalls.length === 0) return undefined;
  return (before: readonly ToolCallRecord[]): readonly ToolCallRecord[] => [
    ...new Map([...before, ...toolCalls.map(plain)].map((call) => [call.id, call])).values(),
  ];
}

/** Nothing but what is stored: whoever gave it may still add to it. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
