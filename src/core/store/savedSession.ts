import { StoreError } from '../errors';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { SavedMessages } from './savedMessages';
import type { Batch, SessionReader } from './store';

/** What is known of what a session holds, so that saving all of it again writes what is new. After a failure to write it is to be thrown away. */
export class SavedSession {
  #messages: SavedMessages | undefined;
  #lastSeq: number | undefined;
  #callStamps: Map<CallId, string> | undefined;

  /** What has to be written so that the session holds these messages; undefined: nothing. The session is read the first time only. */
  async changedMessages(
    reader: SessionReader,
    all: readonly Message[],
  ): Promise<Pick<Batch, 'keepMessages' | 'messages'> | undefined> {
    this.#messages ??= new SavedMessages(await reader.readMessages());
    return this.#messages.next(all);
  }

  /** Takes the number for the next event. @throws StoreError 'conflict' when it does not come after the last one. */
  async takeSeq(reader: SessionReader, seq: number): Promise<void> {
    this.#lastSeq ??= (await reader.load()).lastSeq;
    if (seq <= this.#lastSeq)
      throw new StoreError('conflict', `The event ${seq} comes after event ${this.#lastSeq} was stored.`, {
        advice: `Give it a bookmark.seq above ${this.#lastSeq}.`,
      });
    this.#lastSeq = seq;
  }

  /** Those calls that are not stored as they are now. */
  async changedCalls(reader: SessionReader, records: readonly ToolCallRecord[]): Promise<readonly ToolCallRecord[]> {
    this.#callStamps ??= new Map((await reader.readToolCalls()).map((call) => [call.id, stampOf(call)]));
    const stamps = this.#callStamps;
    const changed = records.filter((record) => stamps.get(record.id) !== stampOf(record));
    for (const record of changed) stamps.set(record.id, stampOf(record));
    return changed;
  }
}

function stampOf(record: ToolCallRecord): string {
  return `${record.updatedAt} ${record.state}`;
}
