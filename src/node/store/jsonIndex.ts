import type { CallId } from '../../core/protocol/ids';
import { isFinal } from '../../core/protocol/toolCalls';
import { recordKinds, type Batch, type SessionRecordKind } from '../../core/store/store';
import { wholeParts, type WholePart } from '../../core/store/wholeParts';
import type { JsonEntry, Revision } from './jsonEntry';

/** A line of the file, in bytes. */
export interface Place {
  readonly at: number;
  readonly bytes: number;
}
/** One of the things of a kind that a line brings. */
export interface ItemPlace extends Place {
  readonly item: number;
}
interface MessagePlaces extends ItemPlace {
  readonly count: number;
}

const markEveryBytes = 64 * 1024;

/** Where in the file everything of the current state stands. Its size grows with the commits, not with their texts. */
export class JsonIndex {
  /** Good lines so far and the bytes they take. */
  lines = 0;
  end = 0;
  lastSeq = 0;
  messageCount = 0;
  closedCleanly = true;
  revision: Revision = { number: 0, keep: 0, from: 0 };
  readonly whole = new Map<WholePart, Place>();
  readonly snapshots = new Map<string, ItemPlace>();
  /** By id, in the order in which they came first. */
  readonly records: ReadonlyMap<SessionRecordKind, Map<string, ItemPlace>> = new Map(
    recordKinds.map((kind) => [kind, new Map<string, ItemPlace>()]),
  );
  /** In the order of their creation; each at its last state. */
  readonly calls = new Map<CallId, ItemPlace & { readonly open: boolean }>();
  /** The current revision's messages, a run of them per line. */
  readonly #messages: MessagePlaces[] = [];
  /** Every now and then: from which byte on the events after `seq` stand. */
  readonly #marks: { readonly seq: number; readonly at: number }[] = [];

  /** Takes in the next line; `bytes` counts its line break. */
  take(entry: JsonEntry, bytes: number): void {
    const place = { at: this.end, bytes };
    if (entry.kind === 'batch') {
      this.revision = entry.revision;
      this.#takeBatch(entry.batch, place);
    }
    this.closedCleanly = entry.kind !== 'batch';
    this.lines++;
    this.end += bytes;
  }

  /** The places of the messages from place `from` up to, not including, `to`, in their order. */
  messagesBetween(from: number, to: number): readonly MessagePlaces[] {
    let first = 0;
    return this.#messages.flatMap((run) => {
      const [start, stop] = [Math.max(from - first, 0), Math.min(to - first, run.count)];
      first += run.count;
      return start < stop ? [{ ...run, item: run.item + start, count: stop - start }] : [];
    });
  }

  /** A byte at which a line begins, and before which there is no event after `since`. */
  startOf(since: number): number {
    return this.#marks.findLast((mark) => mark.seq <= since)?.at ?? 0;
  }

  /** The revision to which the messages of a new batch will belong. */
  revisionOf({ keepMessages }: Batch): Revision {
    const from = Math.min(keepMessages ?? Infinity, this.messageCount);
    if (keepMessages === undefined) return { ...this.revision, from };
    return { number: this.revision.number + 1, keep: from, from };
  }

  #takeBatch(batch: Batch, place: Place): void {
    if (place.at - (this.#marks.at(-1)?.at ?? 0) >= markEveryBytes)
      this.#marks.push({ seq: this.lastSeq, at: place.at });
    this.lastSeq = batch.envelopes.at(-1)?.bookmark.seq ?? this.lastSeq;
    if (batch.keepMessages !== undefined) this.#keepMessages(batch.keepMessages);
    const count = batch.messages?.length ?? 0;
    if (count > 0) this.#messages.push({ ...place, item: 0, count });
    this.messageCount += count;
    for (const [item, call] of (batch.toolCalls ?? []).entries())
      this.calls.set(call.id, { ...place, item, open: !isFinal(call.state) });
    for (const [item, snapshot] of (batch.snapshots ?? []).entries())
      this.snapshots.set(snapshot.id, { ...place, item });
    for (const [item, { kind, id }] of (batch.records ?? []).entries())
      this.records.get(kind)?.set(id, { ...place, item });
    for (const name of wholeParts) if (batch[name] !== undefined) this.whole.set(name, place);
  }

  #keepMessages(keep: number): void {
    const kept = this.messagesBetween(0, keep);
    this.#messages.splice(0, this.#messages.length, ...kept);
    this.messageCount = Math.min(keep, this.messageCount);
  }
}
