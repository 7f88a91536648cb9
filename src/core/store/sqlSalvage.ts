import type { Envelope } from '../protocol/events';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { salvagedFrom, type Salvaged } from './salvage';
import type { SqlRow, SqlValue } from './sqlDatabase';
import { callPlace, revisionAndIndex } from './sqlReading';
import { readRecord } from './sqlRecords';
import { readBody, rowsOf, type SqlQueries } from './sqlRows';
import type { Batch, SessionRecord, Snapshot } from './store';
import { wholeParts, type WholePart } from './wholeParts';

/** Reads every row that can still be read. @throws what the database throws when not even its tables are known. */
export function salvageSql(db: SqlQueries): Salvaged {
  for (const table of ['meta', 'revisions', 'messages', 'tool_calls', 'events', 'snapshots'])
    db.prepare(`select rowid from ${table}`).free();
  db.prepare('select id from kv').free();
  const reading = new SalvageReading(db);
  return salvagedFrom({
    whole: reading.whole(),
    messages: reading.messages(),
    envelopes: (reading.bodies('events', 'seq', ([seq]) => Number(seq)) as readonly (readonly Envelope[])[]).flat(),
    toolCalls: reading.bodies('tool_calls', 'id, state', ([id, state]) =>
      callPlace(id, state),
    ) as readonly ToolCallRecord[],
    snapshots: reading.bodies('snapshots', 'id', ([id]) => String(id)) as readonly Snapshot[],
    records: reading.records(),
    lost: reading.lost,
  });
}

/** Reads table by table and notes what is gone. */
class SalvageReading {
  readonly lost: string[] = [];
  readonly #db: SqlQueries;

  constructor(db: SqlQueries) {
    this.#db = db;
  }

  /** What the good rows of a table say, in the order in which they were written. */
  bodies(table: string, key: string, placeOf: (row: SqlRow) => string | number): readonly unknown[] {
    return this.#rows(table, `${key}, body, crc`).flatMap((row) => {
      const [body, crc] = row.slice(-2);
      const place = placeOf(row);
      const read = attempt(() => readBody(table, place, body, crc));
      if (!read) this.lost.push(`${table} ${place}: changed`);
      return read ? [read.value] : [];
    });
  }

  /** In the order in which they came first. */
  records(): readonly SessionRecord[] {
    const readable = this.#recordRows().flatMap((row) => {
      const read = attempt(() => readRecord(row));
      if (!read) this.lost.push(`kv ${row.slice(0, 2).join(' ')}: changed`);
      return read ? [{ place: Number(row[2]), record: read.value }] : [];
    });
    return readable.toSorted((left, right) => left.place - right.place).map(({ record }) => record);
  }

  whole(): Pick<Batch, WholePart> {
    const parts = wholeParts.flatMap((name) => {
      const read = attempt(() => {
        const row = rowsOf(this.#db, 'select v, crc from meta where k = ?', [name])[0];
        return row && [name, readBody('meta', name, ...row)];
      });
      if (!read) this.lost.push(`meta ${name}: changed or unreadable`);
      return read?.value ? [read.value] : [];
    });
    return Object.fromEntries(parts) as Pick<Batch, WholePart>;
  }

  /** The current conversation by places. */
  messages(): readonly (Message | undefined)[] {
    const good = new Map<SqlValue, (Message | undefined)[]>();
    for (const [number, body, crc] of this.#rows('messages', 'place, body, crc')) {
      const place = Number(number);
      const [rev, index] = revisionAndIndex(place);
      const read = attempt(() => readBody('messages', place, body, crc) as Message);
      if (!read) this.lost.push(`messages ${place}: changed`);
      const own = good.get(rev) ?? [];
      own[index] = read?.value;
      good.set(rev, own);
    }
    const revisions = new Map(this.#rows('revisions', 'rev, base_rev, keep').map(([rev, ...row]) => [rev, row]));
    const newest = Math.max(0, ...[...good.keys(), ...revisions.keys()].map(Number));
    let conversation: (Message | undefined)[] = [];
    for (let rev: number | undefined = newest, to = Infinity; rev !== undefined;) {
      const own: readonly (Message | undefined)[] = good.get(rev) ?? [];
      const [base, keep]: SqlRow = revisions.get(rev) ?? this.#guess(rev, own);
      const first = Number(keep);
      const segment = own.slice(first, to);
      if (to !== Infinity) segment.length = Math.max(to - first, 0);
      conversation = [...segment, ...conversation];
      to = Math.min(to, first);
      rev = typeof base === 'number' && base < rev ? base : undefined;
    }
    return conversation;
  }

  /** Without its own word for it, a revision goes on from the one before, right before its first message. */
  #guess(rev: number, own: readonly unknown[]): SqlRow {
    this.lost.push(`revisions ${rev}: gone; the conversation before it is guessed`);
    const first = own.findIndex((message) => message !== undefined);
    return [rev > 0 ? rev - 1 : null, Math.max(first, 0)];
  }

  /** Rows in the order of their numbers: from the front, past an unreadable place from the back, then one by one in between. */
  #rows(table: string, columns: string): readonly SqlRow[] {
    const front = this.#run(table, columns, (last = noRow) => `where rowid > ${last} order by rowid`);
    if (front.isWhole) return front.rows.map(([, ...row]) => row);
    const after = Number(front.rows.at(-1)?.[0] ?? 0);
    const back = this.#run(
      table,
      columns,
      (last = noRowAfter) => `where rowid > ${after} and rowid < ${last} order by rowid desc`,
    );
    const until = back.rows.length > 0 ? Number(back.rows.at(-1)?.[0]) : undefined;
    const between = this.#probe(`select rowid, ${columns} from ${table} where rowid = ?`, after, until);
    this.lost.push(`${table}: of the rows ${after + 1} to ${until ? until - 1 : 'the last'} not all can be read`);
    return [...front.rows, ...between, ...back.rows.toReversed()].map(([, ...row]) => row);
  }

  /** One by one by their keys, as `kv` has no row numbers: from the front, past an unreadable place from the back. */
  #recordRows(): readonly SqlRow[] {
    const run = (beyond: string, order: string, from: SqlRow): RowRun => {
      const sql = `select kind, id, ts, body from kv where ${beyond} order by kind ${order}, id ${order} limit 1`;
      const rows: SqlRow[] = [];
      for (;;) {
        const key = rows.at(-1)?.slice(0, 2) ?? from;
        const found = attempt(() => rowsOf(this.#db, sql, key));
        if (!found || found.value.length === 0) return { rows, isWhole: found !== undefined };
        rows.push(...found.value);
      }
    };
    const front = run('(kind, id) > (?, ?)', 'asc', ['', '']);
    if (front.isWhole) return front.rows;
    this.lost.push('kv: not all rows can be read');
    const known = new Set(front.rows.map(keyOf));
    const back = run('(kind, id) < (?, ?)', 'desc', ['\u{10ffff}', '']);
    return [...front.rows, ...back.rows.filter((row) => !known.has(keyOf(row)))];
  }

  /** Row by row; without an end up to where nothing comes any more. */
  #probe(sql: string, after: number, until = noRowAfter): readonly SqlRow[] {
    const rows: SqlRow[] = [];
    const one = this.#db.prepare(sql);
    for (let row = after + 1, misses = 0; row < until && misses < maxMisses; row++, misses++) {
      const found = attempt(() => one.get([row]))?.value;
      if (!found) continue;
      rows.push(found);
      misses = 0;
    }
    one.free();
    return rows;
  }

  #run(table: string, columns: string, where: (last?: number) => string): RowRun {
    const rows: SqlRow[] = [];
    for (let limit = rowsAtOnce; ;) {
      const last = rows.length > 0 ? Number(rows.at(-1)?.[0]) : undefined;
      const sql = `select rowid, ${columns} from ${table} ${where(last)} limit ${limit}`;
      const page = attempt(() => rowsOf(this.#db, sql));
      if (page?.value.length === 0 || (!page && limit === 1)) return { rows, isWhole: page !== undefined };
      // One at a time up to the unreadable place.
      if (!page) limit = 1;
      for (const row of page?.value ?? []) rows.push(row);
    }
  }
}

interface RowRun {
  readonly rows: readonly SqlRow[];
  readonly isWhole: boolean;
}

function keyOf(row: SqlRow): string {
  return JSON.stringify(row.slice(0, 2));
}

/** Below and above every row's number. */
const noRow = -1;
const noRowAfter = Number.MAX_SAFE_INTEGER;
const rowsAtOnce = 500;
const maxMisses = 2_000;

function attempt<T>(read: () => T): { readonly value: T } | undefined {
  try {
    return { value: read() };
  } catch {
    return undefined; // Unreadable: whoever asks notes it as lost.
  }
}
