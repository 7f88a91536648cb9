import { strict as assert } from 'node:assert';
import type { SqlDatabase } from '../../../../src/core/store/sqlDatabase';
import { deferred } from '../../../../src/core/util/deferred';
import type { FileCalls } from '../../../../src/node/sqlJs/fileCalls';
import { loadProgram } from '../../../../src/node/sqlJs/loadSqlJs';
import { SqlJsEngine } from '../../../../src/node/sqlJs/sqlJsEngine';
import { appendRecords, createLedger, readLedger } from '../../../support/ledger';
import { SimulatedDisk, systemError } from '../../../support/simulatedDisk';
import { watched } from '../../../support/watchedCalls';

const file = '/store/session.db';

describe('Acknowledging what was committed', () => {
  let disk: SimulatedDisk;
  let calls: string[];
  let failure: { readonly of: string; readonly code: string } | undefined;
  let engine: SqlJsEngine;
  let db: SqlDatabase;
  beforeEach(async () => {
    disk = new SimulatedDisk();
    failure = undefined;
    const counted = watched(disk, (name, target) => {
      calls.push(name);
      if (name === failure?.of) throw systemError(failure.code, String(target));
    });
    calls = [];
    engine = new SqlJsEngine(await loadProgram(), counted);
    db = engine.open(file, 'create');
    createLedger(db);
    await db.sync();
    calls = [];
  });
  afterEach(() => db.close());

  const flushes = (): number => calls.filter((name) => name === 'fdatasync').length;

  it('takes one flush for all who ask at the same time', async () => {
    const waiting = [1, 2, 3].map(async () => {
      appendRecords(db, 1);
      await db.sync();
    });
    await Promise.all(waiting);
    assert.equal(flushes(), 1);
  });

  it('takes a second flush for those who commit while one is under way, and one for all of them', async () => {
    const held = deferred<undefined>();
    const slow: FileCalls = Object.assign(
      watched(disk, (name) => void calls.push(name)),
      {
        fdatasync: async (fd: number) => {
          calls.push('fdatasync');
          await held.promise;
          await disk.fdatasync(fd);
        },
      },
    );
    db.close();
    db = new SqlJsEngine(await loadProgram(), slow).open(file, 'existing');
    appendRecords(db, 1);
    const first = db.sync();
    await Promise.resolve();
    await new Promise((done) => setImmediate(done));
    appendRecords(db, 1);
    const later = [db.sync(), db.sync()];
    assert.equal(flushes(), 1);
    held.resolve(undefined);
    await Promise.all([first, ...later]);
    assert.equal(flushes(), 2);
  });

  it('takes no flush when nothing was committed since the last one', async () => {
    appendRecords(db, 1);
    await db.sync();
    await db.sync();
    db.query('PRAGMA wal_checkpoint(TRUNCATE)');
    await db.sync();
    assert.equal(flushes(), 1);
  });

  it('fails everybody who waits when the flush fails, closes, and never asks that file again', async () => {
    appendRecords(db, 2);
    failure = { of: 'fdatasync', code: 'EIO' };
    const waiting = await Promise.allSettled([db.sync(), db.sync()]);
    for (const { status } of waiting) assert.equal(status, 'rejected');
    failure = undefined;
    const before = calls.length;
    await assert.rejects(db.sync(), { code: 'io', message: /EIO/ });
    assert.throws(() => db.query('SELECT 1'), { code: 'io' });
    assert.throws(() => appendRecords(db, 1), { code: 'io' });
    db.close();
    assert.deepEqual(calls.slice(before), []);
    assert.equal(calls.filter((name) => name === 'fsyncSync').length, 0);
    db = engine.open(file, 'existing');
    assert.equal(readLedger(db), 2);
  });

  it('fails in the same way when a flush within SQLite fails', async () => {
    appendRecords(db, 2);
    await db.sync();
    failure = { of: 'fsyncSync', code: 'EIO' };
    assert.throws(() => db.query('PRAGMA wal_checkpoint(TRUNCATE)'), { code: 'io', message: /EIO/ });
    await assert.rejects(db.sync(), { code: 'io' });
    failure = undefined;
    db = engine.open(file, 'existing');
    assert.equal(readLedger(db), 2);
  });

  it('closes also when the log cannot be taken over, and keeps the log', async () => {
    appendRecords(db, 2);
    await db.sync();
    failure = { of: 'writeSync', code: 'ENOSPC' };
    db.close();
    assert.ok(disk.files().includes(`${file}-wal`));
    failure = undefined;
    db = engine.open(file, 'existing');
    assert.equal(readLedger(db), 2);
  });

  it('answers those who wait when it is closed under them: what was taken over is on the disk', async () => {
    appendRecords(db, 2);
    const waiting = db.sync();
    db.close();
    await waiting;
    db = engine.open(file, 'existing');
    assert.equal(readLedger(db), 2);
  });

  it('gives no descriptor back to the system while it is being flushed', async () => {
    const order: string[] = [];
    const held = deferred<undefined>();
    const slow: FileCalls = Object.assign(
      watched(disk, (name) => {
        if (name === 'closeSync') order.push('closed');
      }),
      {
        fdatasync: async (fd: number) => {
          await held.promise;
          await disk.fdatasync(fd);
          order.push('flushed');
        },
      },
    );
    db.close();
    db = new SqlJsEngine(await loadProgram(), slow).open(file, 'existing');
    appendRecords(db, 1);
    const waiting = db.sync();
    await new Promise((done) => setImmediate(done));
    order.length = 0;
    db.close();
    held.resolve(undefined);
    await waiting;
    await new Promise((done) => setImmediate(done));
    assert.deepEqual(order, ['closed', 'flushed', 'closed']);
  });

  it('goes on after a full disk once there is room again', async () => {
    failure = { of: 'writeSync', code: 'ENOSPC' };
    assert.throws(() => appendRecords(db, 1), { code: 'disk_full', message: /ENOSPC/ });
    failure = undefined;
    if (isInTransaction(db)) db.exec('ROLLBACK');
    assert.equal(appendRecords(db, 2), 2);
    await db.sync();
    assert.equal(readLedger(db), 2);
  });
});

function isInTransaction(db: SqlDatabase): boolean {
  try {
    db.exec('BEGIN');
  } catch (error) {
    assert.match(String(error), /within a transaction/);
    return true;
  }
  db.exec('ROLLBACK');
  return false;
}
