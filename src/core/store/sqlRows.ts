import { StoreError } from '../errors';
import type { Channel } from '../protocol/events';
import { crc32 } from '../util/crc32';
import type { SqlDatabase, SqlRow, SqlValue } from './sqlDatabase';

/** What reading needs of a database. */
export type SqlQueries = Pick<SqlDatabase, 'query' | 'prepare'>;

export const channelNumbers: Readonly<Record<Channel, number>> = { progress: 1, control: 2, monitor: 3 };

/** The check over a row: its text together with its place, so that a text at another one's place is noticed too. */
export function rowCrc(place: string | number, body: string): number {
  return crc32(`${place} ${body}`);
}

/** What a row's text says: what was written, the check says so. @throws StoreError 'damaged' where it is not what was written. */
export function readBody(table: string, place: string | number, body: SqlValue = null, crc: SqlValue = null): unknown {
  if (typeof body !== 'string' || rowCrc(place, body) !== crc)
    throw damagedRow(table, place, 'is not what was written');
  return JSON.parse(body);
}

export function damagedRow(table: string, place: string | number, what: string): StoreError {
  return new StoreError('damaged', `Row ${place} of the table ${table} ${what}.`, {
    advice: 'Salvage the session: everything that can still be read goes into a new one.',
  });
}

export function rowsOf(db: SqlQueries, sql: string, params: SqlRow = []): readonly SqlRow[] {
  const statement = db.prepare(sql);
  try {
    return statement.all(params);
  } finally {
    statement.free();
  }
}

/** The first value of the first row; `otherwise` for none or null. */
export function numberOf(db: SqlQueries, sql: string, otherwise: number): number {
  const value = rowsOf(db, sql)[0]?.[0];
  return typeof value === 'number' ? value : otherwise;
}
