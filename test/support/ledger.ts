import { strict as assert } from 'node:assert';
import type { SqlDatabase } from '../../src/core/store/sqlDatabase';
import { randomOf } from './random';

/** Creates the tables in which `appendRecords` counts. */
export function createLedger(db: SqlDatabase): void {
  db.exec(`BEGIN;
    CREATE TABLE records(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE head(only INTEGER PRIMARY KEY, last INTEGER NOT NULL);
    INSERT INTO head VALUES(1, 0);
    COMMIT;`);
}

/** Adds the next `count` records in one transaction. @returns the id of the last one */
export function appendRecords(db: SqlDatabase, count: number): number {
  db.exec('BEGIN IMMEDIATE');
  const last = Number(db.query('SELECT last FROM head')[0]?.[0]);
  const insert = db.prepare('INSERT INTO records VALUES(?, ?)');
  for (let id = last + 1; id <= last + count; id++) insert.run([id, bodyOf(id)]);
  insert.free();
  db.exec(`UPDATE head SET last = ${last + count}`);
  db.exec('COMMIT');
  return last + count;
}

/** The records that are there: all of them right, without a gap, none of a half transaction. @returns the id of the last one */
export function readLedger(db: Pick<SqlDatabase, 'query'>): number {
  assert.deepEqual(db.query('PRAGMA integrity_check'), [['ok']]);
  const rows = db.query('SELECT id, body FROM records ORDER BY id');
  rows.forEach(([id, body], index) => {
    assert.equal(id, index + 1);
    assert.equal(body, bodyOf(index + 1));
  });
  assert.deepEqual(db.query('SELECT last FROM head'), [[rows.length]]);
  return rows.length;
}

/** From a few bytes up to some pages. */
function bodyOf(id: number): string {
  const random = randomOf(id);
  const length = random.chance(0.2) ? random.below(3_000) : random.below(300);
  return `${id}:${'abcdefghij'.repeat(length / 10)}`;
}
