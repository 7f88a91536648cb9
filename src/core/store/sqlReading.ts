import type { Channel, Envelope } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { SqlRow, SqlValue } from './sqlDatabase';
import { channelMask, damagedRow, numberOf, readBody, rowsOf, type SqlQueries } from './sqlRows';
import type { MessageRange, Snapshot, StoredState } from './store';
import type { WholePart } from './wholeParts';

/** A part of the conversation whose messages are rows of this revision: places `from` up to, not including, `to`. */
interface Segment {
  readonly rev: number;
  readonly from: number;
  readonly to: number;
}

/** Where the next rows go. */
export interface SqlPosition {
  readonly rev: number;
  readonly messageCount: number;
  readonly lastSeq: number;
}

export function readPosition(db: SqlQueries): SqlPosition {
  const [rev, keep] = rowsOf(db, 'select rev, keep from revisions order by rev desc limit 1')[0] ?? [];
  if (typeof rev !== 'number' || typeof keep !== 'number') throw damagedRow('revisions', 0, 'is missing');
  const [lastRev, lastIndex] = revisionAndIndex(numberOf(db, 'select max(place) from messages', -1));
  return {
    rev,
    messageCount: lastRev === rev ? lastIndex + 1 : keep,
    lastSeq: numberOf(db, 'select max(seq) from events', 0),
  };
}

/** Whether the last writer closed the session; also true before the first one. */
export function isMarkedClean(db: SqlQueries): boolean {
  return rowsOf(db, `select 1 from meta where k = 'clean'`).length > 0;
}

export function readState(db: SqlQueries): StoredState {
  const whole = new Map(rowsOf(db, 'select k, v, crc from meta').map(([k, ...row]) => [k, row]));
  const read = (name: WholePart): unknown => {
    const row = whole.get(name);
    return row && readBody('meta', name, ...row);
  };
  const { messageCount, lastSeq } = readPosition(db);
  return {
    info: read('info') as StoredState['info'],
    messageCount,
    openToolCalls: callsIn(
      rowsOf(db, `${selectCalls} where state not in ('COMPLETED', 'FAILED', 'DENIED', 'SEALED') order by ord`),
    ),
    todos: (read('todos') ?? []) as StoredState['todos'],
    queued: (read('queued') ?? []) as StoredState['queued'],
    turn: (read('turn') ?? undefined) as StoredState['turn'],
    stepCount: (read('stepCount') ?? 0) as number,
    spending: (read('spending') ?? []) as StoredState['spending'],
    lastSeq,
    closedCleanly: isMarkedClean(db),
  };
}

export function readMessages(db: SqlQueries, { from = 0, to = Infinity }: MessageRange): readonly Message[] {
  const messages = segmentsOf(db).flatMap((segment) => {
    const [start, stop] = [Math.max(from, segment.from), Math.min(to, segment.to)];
    return start < stop ? messagesIn(db, { rev: segment.rev, from: start, to: stop }) : [];
  });
  return Object.freeze(messages);
}

export interface EventPage {
  readonly envelopes: readonly Envelope[];
  /** The last seq that was looked at; undefined: there is nothing after this page. */
  readonly until: number | undefined;
}

/** The events of the next commits after `since`, at most `limit` of these. */
export function readEventPage(
  db: SqlQueries,
  since: number,
  channels: readonly Channel[] | undefined,
  limit: number,
): EventPage {
  const filter = channels ? `and channels & ${channelMask(channels)} <> 0` : '';
  const sql = `select seq, body, crc from events where seq > ? ${filter} order by seq limit ?`;
  const rows = rowsOf(db, sql, [since, limit]);
  const envelopes = rows
    .flatMap(([seq, body, crc]) => readBody('events', Number(seq), body, crc) as readonly Envelope[])
    .filter(({ bookmark, event }) => bookmark.seq > since && (!channels || channels.includes(event.channel)));
  return { envelopes, until: rows.length < limit ? undefined : Number(rows.at(-1)?.[0]) };
}

export function readToolCalls(db: SqlQueries, ids: readonly CallId[] | undefined): readonly ToolCallRecord[] {
  if (!ids) return callsIn(rowsOf(db, `${selectCalls} order by ord`));
  // As one JSON text, because the number of parameters is limited.
  const wanted = 'select value from json_each(?)';
  return callsIn(rowsOf(db, `${selectCalls} where id in (${wanted}) order by ord`, [JSON.stringify(ids)]));
}

export function readSnapshots(db: SqlQueries): readonly Snapshot[] {
  return rowsOf(db, 'select id, body, crc from snapshots order by ord').map(
    ([id, body, crc]) => readBody('snapshots', String(id), body, crc) as Snapshot,
  );
}

const selectCalls = 'select id, state, body, crc from tool_calls';

function callsIn(rows: readonly SqlRow[]): readonly ToolCallRecord[] {
  return rows.map(
    ([id, state, body, crc]) => readBody('tool_calls', callPlace(id, state), body, crc) as ToolCallRecord,
  );
}

/** The state belongs to it: open calls are found by it. */
export function callPlace(id: SqlValue = null, state: SqlValue = null): string {
  return `${String(id)} ${String(state)}`;
}

const placesOfRevision = 2 ** 32;

/** The number of a message's row. */
export function messagePlace(rev: number, index: number): number {
  return rev * placesOfRevision + index;
}

/** The revision of a message's row and its place in the conversation. */
export function revisionAndIndex(place: number): readonly [rev: number, index: number] {
  return [Math.floor(place / placesOfRevision), place % placesOfRevision];
}

function messagesIn(db: SqlQueries, { rev, from, to }: Segment): readonly Message[] {
  const first = messagePlace(rev, from);
  const rows = rowsOf(db, 'select place, body, crc from messages where place >= ? and place < ? order by place', [
    first,
    first + to - from,
  ]);
  for (const [offset, [place]] of rows.entries())
    if (place !== first + offset) throw damagedRow('messages', first + offset, 'is missing');
  if (rows.length < to - from) throw damagedRow('messages', first + rows.length, 'is missing');
  return rows.map(([place, body, crc]) => readBody('messages', Number(place), body, crc) as Message);
}

/** The current conversation from its beginning to its end. */
function segmentsOf(db: SqlQueries): readonly Segment[] {
  const revisions = new Map(rowsOf(db, 'select rev, base_rev, keep from revisions').map(([rev, ...row]) => [rev, row]));
  const position = readPosition(db);
  const segments: Segment[] = [];
  let to = position.messageCount;
  for (let rev: SqlValue = position.rev; to > 0;) {
    const [base, keep]: SqlRow = revisions.get(rev) ?? [];
    // A base is always older: anything else would lead round in circles.
    if (typeof rev !== 'number' || typeof keep !== 'number' || (typeof base === 'number' && base >= rev))
      throw damagedRow('revisions', String(rev), 'is missing or wrong');
    if (keep < to) segments.unshift({ rev, from: keep, to });
    to = Math.min(to, keep);
    rev = base ?? null;
  }
  return segments;
}
