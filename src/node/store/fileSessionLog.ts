import { StoreError } from '../../core/errors';
import type { Envelope } from '../../core/protocol/events';
import type { CallId } from '../../core/protocol/ids';
import type { Message } from '../../core/protocol/messages';
import type { ToolCallRecord } from '../../core/protocol/toolCalls';
import type {
  Batch,
  MessageRange,
  SessionLog,
  SessionMeta,
  SessionReader,
  SessionRecord,
  SessionRecordKind,
  Snapshot,
  StoredState,
} from '../../core/store/store';
import type { Blobs } from './blobs';
import { FileSessionReader } from './fileSessionReader';
import type { OpenSlots } from './openSlots';
import type { Sidecar } from './sidecar';
import { storeFailure } from './storeFailure';

export interface FileSessionLogPorts {
  readonly folder: string;
  readonly slots: OpenSlots;
  readonly blobs: Blobs;
  /** Opens the format's log in the existing folder. */
  readonly openFormat: () => Promise<SessionLog>;
  /** @throws StoreError 'conflict' when somebody took over. */
  readonly checkLease: () => void;
  /** Makes the names of a new session's files survive a power cut; undefined: they do. */
  readonly syncNames: (() => Promise<void>) | undefined;
  /** Called once, after the files were closed: gives the lease back. */
  readonly onClosed: () => Promise<void>;
}

/** A session that is open for writing. Its files are closed while it is idle and others need the place; nobody notices. */
export class FileSessionLog implements SessionLog {
  readonly #ports: FileSessionLogPorts;
  readonly #member = {
    open: () => this.#open(),
    close: () => this.#closeFormat(),
    isBusy: () => this.#isInTurn && this.#broken === undefined,
  };
  #isInTurn = false;
  #format: SessionLog | undefined;
  #sidecar: Sidecar | undefined;
  #namesSynced: Promise<void> | undefined;
  /** Committed since the last barrier. */
  #unsynced = false;
  /** After a failed flush nothing can be said about what was not acknowledged: the session has to be opened anew. */
  #broken: unknown;
  #closing: Promise<void> | undefined;
  /** From here on the files stay closed. */
  #ended = false;
  #commits: Promise<unknown> = Promise.resolve();

  constructor(ports: FileSessionLogPorts) {
    this.#ports = ports;
  }

  /** Opens the files for the first time. @throws what the format throws. */
  async start(sidecarOf: (log: SessionReader) => Promise<Sidecar>): Promise<void> {
    await this.#use(async () => {
      this.#sidecar = await sidecarOf(new FileSessionReader(this.#opened(), this.#ports.blobs));
    });
  }

  /** The list's entry as of now. */
  get meta(): SessionMeta | undefined {
    return this.#sidecar?.meta;
  }

  async commit(batch: Batch): Promise<void> {
    // One after the other, whatever the caller does: a blob takes longer than a commit.
    this.#checkOpen();
    const work = this.#commits.then(() => this.#ports.slots.use(this.#member, () => this.#commit(batch)));
    this.#commits = work.catch(() => undefined);
    return work;
  }

  async barrier(): Promise<void> {
    this.#checkOpen();
    await this.#commits;
    if (this.#ports.syncNames) {
      this.#namesSynced ??= this.#ports.syncNames();
      await this.#orBroken(this.#namesSynced, 'Making the new session durable');
    }
    await this.#ports.slots.use(this.#member, async () => {
      this.#checkBroken();
      this.#unsynced = false;
      await this.#orBroken(this.#opened().barrier(), 'Making the session durable');
    });
  }

  load(): Promise<StoredState> {
    return this.#use(() => this.#opened().load());
  }

  readMessages(range?: MessageRange): Promise<readonly Message[]> {
    return this.#use(async () => this.#ports.blobs.putBack(await this.#opened().readMessages(range)));
  }

  async *readEvents(opts: Parameters<SessionReader['readEvents']>[0] = {}): AsyncIterable<Envelope> {
    // In pages: whoever reads slowly does not keep the files open.
    for (let since = opts.since; ;) {
      const page = await this.#use(() =>
        firstOf(this.#opened().readEvents({ ...opts, ...(since && { since }) }), pageEvents),
      );
      yield* page;
      since = page.at(-1)?.bookmark;
      if (page.length < pageEvents) return;
    }
  }

  readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    return this.#use(() => this.#opened().readToolCalls(ids));
  }

  readSnapshots(): Promise<readonly Snapshot[]> {
    return this.#use(() => this.#opened().readSnapshots());
  }

  readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]> {
    return this.#use(() => this.#opened().readRecords(kind));
  }

  version(): Promise<string> {
    return this.#use(() => this.#opened().version());
  }

  /** Waits for what is running. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits;
    this.#ended = true;
    await this.#ports.slots.remove(this.#member);
    try {
      await this.#sidecar?.flush();
    } finally {
      await this.#ports.onClosed();
    }
    if (this.#broken !== undefined && this.#unsynced) throw storeFailure(this.#broken, 'Closing the session');
  }

  async #commit(batch: Batch): Promise<void> {
    this.#checkBroken();
    const { messages } = batch;
    const stored = messages && { messages: await this.#takeOut(messages) };
    this.#unsynced = true;
    await this.#opened().commit({ ...batch, ...stored });
    if (batch.turn !== undefined) this.#isInTurn = batch.turn !== null;
    this.#sidecar?.add(batch);
  }

  async #takeOut(messages: readonly Message[]): Promise<readonly Message[]> {
    try {
      return await this.#ports.blobs.takeOut(messages, this.#ports.folder);
    } catch (error) {
      throw storeFailure(error, 'Storing a large message');
    }
  }

  async #use<T>(work: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    return this.#ports.slots.use(this.#member, work);
  }

  #opened(): SessionLog {
    if (this.#format) return this.#format;
    throw wasClosed();
  }

  async #open(): Promise<void> {
    if (this.#ended) throw wasClosed();
    this.#checkBroken();
    // Opening writes: what somebody else has taken over is left alone.
    this.#ports.checkLease();
    this.#format = await this.#ports.openFormat();
  }

  async #closeFormat(): Promise<void> {
    const format = this.#format;
    this.#format = undefined;
    if (!format) return;
    const [flushed] = await Promise.allSettled([
      this.#unsynced && this.#broken === undefined ? format.barrier() : null,
    ]);
    const [closed] = await Promise.allSettled([format.close()]);
    if (flushed.status === 'fulfilled') this.#unsynced = false;
    const failed = [flushed, closed].find((result) => result.status === 'rejected');
    if (failed) this.#broken ??= failed.reason;
  }

  async #orBroken(work: Promise<void>, what: string): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#broken ??= error;
      throw storeFailure(error, what);
    }
  }

  #checkOpen(): void {
    if (this.#closing) throw wasClosed();
  }

  #checkBroken(): void {
    if (this.#broken !== undefined) throw storeFailure(this.#broken, 'Writing the session before');
  }
}

const pageEvents = 500;

function wasClosed(): StoreError {
  return new StoreError('closed', 'The session was closed.', { advice: 'Open it again.' });
}

async function firstOf<T>(items: AsyncIterable<T>, count: number): Promise<readonly T[]> {
  const first: T[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length === count) break;
  }
  return first;
}
