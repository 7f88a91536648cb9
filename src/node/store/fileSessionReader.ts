import type { Envelope } from '../../core/protocol/events';
import type { CallId } from '../../core/protocol/ids';
import type { Message } from '../../core/protocol/messages';
import type { ToolCallRecord } from '../../core/protocol/toolCalls';
import type {
  MessageRange,
  SessionReader,
  SessionRecord,
  SessionRecordKind,
  Snapshot,
  StoredState,
} from '../../core/store/store';
import type { Blobs } from './blobs';

/** A session that is read beside its writer: the format's reader with the large messages put back. */
export class FileSessionReader implements SessionReader {
  readonly #reader: SessionReader;
  readonly #blobs: Blobs;

  constructor(reader: SessionReader, blobs: Blobs) {
    this.#reader = reader;
    this.#blobs = blobs;
  }

  load(): Promise<StoredState> {
    return this.#reader.load();
  }

  async readMessages(range?: MessageRange): Promise<readonly Message[]> {
    return this.#blobs.putBack(await this.#reader.readMessages(range));
  }

  readEvents(opts?: Parameters<SessionReader['readEvents']>[0]): AsyncIterable<Envelope> {
    return this.#reader.readEvents(opts);
  }

  readToolCalls(ids?: readonly CallId[]): Promise<readonly ToolCallRecord[]> {
    return this.#reader.readToolCalls(ids);
  }

  readSnapshots(): Promise<readonly Snapshot[]> {
    return this.#reader.readSnapshots();
  }

  readRecords(kind: SessionRecordKind): Promise<readonly SessionRecord[]> {
    return this.#reader.readRecords(kind);
  }

  version(): Promise<string> {
    return this.#reader.version();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
