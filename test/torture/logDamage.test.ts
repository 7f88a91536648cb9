import { strict as assert } from 'node:assert';
import { StoreError } from '../../src/core/errors';
import { loadProgram } from '../../src/node/sqlJs/loadSqlJs';
import { SqlJsEngine, type SqlJsProgram } from '../../src/node/sqlJs/sqlJsEngine';
import { appendRecords, createLedger, readLedger } from '../support/ledger';
import { randomOf, seed } from '../support/random';
import { isLong } from '../support/share';
import { SimulatedDisk } from '../support/simulatedDisk';

const file = '/store/session.db';
const log = `${file}-wal`;

/** How a session was left without being closed. */
interface Left {
  readonly database: Uint8Array;
  readonly log: Uint8Array;
  /** Ends of transactions in the log: from there on `last` is the last record. */
  readonly commits: readonly { readonly end: number; readonly last: number }[];
}

describe(`A damaged write-ahead log (COUNTERSIGN_SEED=${seed})`, () => {
  const random = randomOf(seed);
  let program: SqlJsProgram;
  let left: Left;
  let first: number;
  before(async () => {
    program = await loadProgram();
    left = await leave(program);
    first = left.commits.at(-4)?.end ?? 0;
  });

  /** Every place in the last three transactions; in the short run some of them and the edges. */
  function places(): readonly number[] {
    const all = Array.from({ length: left.log.length - first }, (_none, index) => first + index);
    return isLong
      ? all
      : all.filter((at) => left.commits.some(({ end }) => Math.abs(end - at) < 2) || random.chance(0.06));
  }

  it('that is cut off at any byte gives the last transaction that is whole', () => {
    for (const size of [...places(), left.log.length])
      assert.equal(recordsAfter(left, left.log.slice(0, size)), lastBefore(left, size), `cut off at ${size}`);
  });

  it('with any byte changed gives the last transaction before it, never a wrong record', () => {
    for (const at of places()) {
      const bytes = left.log.slice();
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      assert.equal(recordsAfter(left, bytes), lastBefore(left, at), `changed at ${at}`);
    }
  });

  it('with any byte of its beginning changed gives a typed error or an earlier state', () => {
    for (let at = 0; at < 32 + 24; at++) {
      const bytes = left.log.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      const answer = attempt(() => recordsAfter(left, bytes));
      assert.ok(answer instanceof StoreError || answer === 0, `changed at ${at}: ${String(answer)}`);
    }
  });

  function recordsAfter({ database }: Left, bytes: Uint8Array): number {
    const disk = new SimulatedDisk();
    disk.put(file, database);
    disk.put(log, bytes);
    const db = new SqlJsEngine(program, disk).open(file, 'existing');
    try {
      return readLedger(db);
    } finally {
      db.close();
    }
  }
});

async function leave(program: SqlJsProgram): Promise<Left> {
  const disk = new SimulatedDisk();
  const db = new SqlJsEngine(program, disk).open(file, 'create');
  createLedger(db);
  db.query('PRAGMA wal_checkpoint(TRUNCATE)');
  const commits = [{ end: 0, last: 0 }];
  for (const count of [3, 1, 2, 5, 1, 3]) {
    const last = appendRecords(db, count);
    await db.sync();
    commits.push({ end: disk.bytesOf(log).length, last });
  }
  const left = { database: disk.bytesOf(file), log: disk.bytesOf(log), commits };
  db.close();
  return left;
}

function lastBefore({ commits }: Left, place: number): number {
  return commits.findLast(({ end }) => end <= place)?.last ?? 0;
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
