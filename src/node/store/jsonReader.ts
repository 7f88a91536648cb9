import { StoreError } from '../../core/errors';
import type { Channel, Envelope } from '../../core/protocol/events';
import type { CallId } from '../../core/protocol/ids';
import type { Message } from '../../core/protocol/messages';
import type { ToolCallRecord } from '../../core/protocol/toolCalls';
import type {
  Batch,
  MessageRange,
  SessionReader,
  SessionRecord,
  SessionRecordKind,
  Snapshot,
  StoredState,
} from '../../core/store/store';
import type { WholePart } from '../../core/store/wholeParts';
import type { HistoryFile } from './historyFile';
import { decodeEntry } from './jsonEntry';
import { JsonIndex, type ItemPlace, type Place } from './jsonIndex';
import { checkBegun, damagedLine, extendIndex, scanLines } from './jsonScan';
import { storeFailure } from './storeFailure';

/** Reads a history in JSON lines; texts are read from the file when they are asked for. */
export class JsonReader implements SessionReader {
  /** For error texts. */
  protected readonly name: string;
  protected readonly file: HistoryFile;
  protected index = new JsonIndex();
  #closed = false;

  constructor(file: HistoryFile, name: string) {
    this.file = file;
    this.name = name;
  }

  /** To be called first. @throws StoreError 'damaged' | 'newer_version'. */
  async begin(): Promise<void> {
    await this.refresh();
    checkBegun(this.index, this.name);
  }

  /** Takes in what was written since the last look. @throws StoreError 'damaged' | 'newer_version'. */
  protected async refresh(): Promise<void> {
    await this.using(async () => {
      const { size } = await this.file.stat();
      if (size === this.index.end) return;
      // Shorter than what was read: another file's text stands here now.
      if (size < this.index.end) this.index = new JsonIndex();
      const extend = (): Promise<void> => extendIndex(this.index, this.file, this.name);
      // A second look, because a new writer may have cut off a crashed one's last line while it was being read.
      await extend().catch(extend);
    });
  }

  async load(): Promise<StoredState> {
    await this.refresh();
    return this.using(async () => {
      const { index } = this;
      const whole = new Map<WholePart, Batch>();
      for (const [name, place] of index.whole) whole.set(name, await this.#batchAt(place));
      const open = [...index.calls.values()].filter((call) => call.open);
      return {
        info: whole.get('info')?.info,
        messageCount: index.messageCount,
        openToolCalls: await this.#items(open, (batch) => batch.toolCalls),
        todos: whole.get('todos')?.todos ?? [],
        queued: whole.get('queued')?.queued ?? [],
        turn: whole.get('turn')?.turn ?? undefined,
        stepCount: whole.get('stepCount')?.stepCount ?? 0,
        spending: whole.get('spending')?.spending ?? [],
        lastSeq: index.lastSeq,
        closedCleanly: index.closedCleanly,
      };
    });
  }

  async readMessages({ from = 0, to = Infinity }: MessageRange = {}): Promise<readonly Message[]> {
    await this.refresh();
    return this.using(async () => {
      const messages: Message[] = [];
      for (const place of this.index.messagesBetween(from, to)) {
        const batch = await this.#batchAt(place);
        for (const message of batch.messages?.slice(place.item, place.item + place.count) ?? []) messages.push(message);
      }
      return Object.freeze(messages);
    });
  }

  async *readEvents(opts: Parameters<SessionReader['readEvents']>[0] = {}): AsyncGenerator<Envelope> {
    const since = opts.since?.seq ?? 0;
    const channels = opts.channels && new Set<Channel>(opts.channels);
    await this.refresh();
    const { end } = this.index;
    const lines = scanLines(this.file, this.index.startOf(since));
    for (;;) {
      const line = await this.using(() => lines.next());
      if (line.done || line.value.at >= end) return;
      const { entry, at } = line.value;
      if (!entry) throw damagedLine(this.name, await this.#lineNumberAt(at));
      if (entry.kind !== 'batch') continue;
      for (const envelope of entry.batch.envelopes)
        if (envelope.bookmark.seq > since && (!channels || channels.has(envelope.event.channel))) yield envelope;
    }
  }

  async readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    await this.refresh();
    const wanted = ids && new Set(ids);
    const places = [...this.index.calls].filter(([id]) => !wanted || wanted.has(id)).map(([, place]) => place);
    return this.using(() => this.#items(places, (batch) => batch.toolCalls));
  }

  async readSnapshots(): Promise<readonly Snapshot[]> {
    await this.refresh();
    return this.using(() => this.#items([...this.index.snapshots.values()], (batch) => batch.snapshots));
  }

  async readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]> {
    await this.refresh();
    const places = [...(this.index.records.get(kind)?.values() ?? [])];
    return this.using(() => this.#items(places, (batch) => batch.records));
  }

  async version(): Promise<string> {
    return this.using(async () => (await this.file.stat()).stamp);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.file.close();
  }

  /** @throws StoreError 'closed'. */
  protected checkOpen(): void {
    if (this.#closed) throw closedError(this.name);
  }

  protected async using<T>(work: () => Promise<T>): Promise<T> {
    this.checkOpen();
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error, `Reading ${this.name}`);
    }
  }

  async #items<T>(places: readonly ItemPlace[], of: (batch: Batch) => readonly T[] | undefined): Promise<readonly T[]> {
    const items: T[] = [];
    for (const place of places)
      items.push(...(of(await this.#batchAt(place))?.slice(place.item, place.item + 1) ?? []));
    return items;
  }

  async #batchAt(place: Place): Promise<Batch> {
    const line = await this.file.read(place.at, place.bytes - 1);
    const entry = line.length === place.bytes - 1 ? decodeEntry(line) : undefined;
    if (entry?.kind !== 'batch') throw damagedLine(this.name, await this.#lineNumberAt(place.at));
    return entry.batch;
  }

  async #lineNumberAt(at: number): Promise<number> {
    let number = 1;
    for await (const line of scanLines(this.file, 0)) {
      if (line.at >= at) break;
      number++;
    }
    return number;
  }
}

export function closedError(name: string): StoreError {
  return new StoreError('closed', `${name} was closed.`, { advice: 'Open it again.' });
}
