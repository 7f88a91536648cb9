import type { SqlRow } from './sqlDatabase';
import { damagedRow, numberOf, readBody, rowCrc, rowsOf, type SqlQueries } from './sqlRows';
import type { SessionRecord, SessionRecordKind } from './store';

// Records are in `kv`, which every session has from its beginning: a new table would stand on other pages in each of the older
// sessions, and salvaging makes lost first pages anew because they are the same in all of them. Its columns: `ts` counts the
// records in the order in which they came first; `body` is `{"crc":123,"record":{...}}`.

/** The records of a kind, in the order in which they came first. @throws StoreError 'damaged'. */
export function readRecords(db: SqlQueries, kind: SessionRecordKind): readonly SessionRecord[] {
  return rowsOf(db, 'select kind, id, ts, body from kv where kind = ? order by ts', [kind]).map(readRecord);
}

/** Where a record goes: its old place, or one after all others. */
export function readRecordPlace(db: SqlQueries, { kind, id }: SessionRecord): number {
  const [known] = rowsOf(db, 'select ts from kv where kind = ? and id = ?', [kind, id])[0] ?? [];
  return typeof known === 'number' ? known : numberOf(db, 'select max(ts) from kv', 0) + 1;
}

/** kind, id, ts, body. */
export function recordRow(record: SessionRecord, place: number): SqlRow {
  const { kind, id } = record;
  const json = JSON.stringify(record);
  return [kind, id, place, `${beginning}${rowCrc(placeText(kind, id, place), json)}${middle}${json}}`];
}

/** The record in a row of kind, id, ts, body. @throws StoreError 'damaged'. */
export function readRecord([kind = null, id = null, ts = null, body = null]: SqlRow): SessionRecord {
  const place = placeText(String(kind), String(id), Number(ts));
  const text = typeof body === 'string' ? body : '';
  const end = text.indexOf(middle);
  if (!text.startsWith(beginning) || end < 0) throw damagedRow('kv', place, 'is not what was written');
  // By hand: a regular expression takes no text of many megabytes.
  const [crc, json] = [text.slice(beginning.length, end), text.slice(end + middle.length, -1)];
  return readBody('kv', place, json, Number(crc)) as SessionRecord;
}

const beginning = '{"crc":';
const middle = ',"record":';

function placeText(kind: string, id: string, ts: number): string {
  return `${kind} ${id} ${ts}`;
}
