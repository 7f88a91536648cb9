import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../../../../src/core/errors';
import type { SqlEngine } from '../../../../src/core/store/sqlDatabase';
import { nodeFileCalls } from '../../../../src/node/sqlJs/fileCalls';
import { loadSqlJs } from '../../../../src/node/sqlJs/loadSqlJs';
import { buildChildProgram } from '../../../support/childProgram';
import { appendRecords, createLedger, readLedger } from '../../../support/ledger';
import { useTempFolder } from '../../../support/tempFolder';
import { watched } from '../../../support/watchedCalls';

describe('Reading a database beside its writer', () => {
  const folder = useTempFolder();
  let engine: SqlEngine;
  let file: string;
  beforeEach(async () => {
    engine = await loadSqlJs(folder.path);
    file = path.join(folder.path, 'session.db');
  });

  it('shows whole states that only move forwards, while another process writes as fast as it can', async function () {
    this.timeout(20_000);
    const program = await buildChildProgram('test/support/ledgerWriter.ts');
    const writer = program.start([file, '1']);
    try {
      await once(writer.stdout, 'data');
      let [last, reads, busy] = [0, 0, 0];
      for (const endMs = Date.now() + 2_000; Date.now() < endMs;) {
        try {
          const now = engine.readSnapshot(file, readLedger);
          assert.ok(now >= last, `${now} after ${last}`);
          last = now;
          reads += 1;
        } catch (error) {
          if (!(error instanceof StoreError && error.retryable)) throw error;
          busy += 1;
        }
        await sleep(5);
      }
      assert.ok(reads >= 3 && busy < reads, `${reads} reads, ${busy} times it never held still`);
      assert.equal(writer.exitCode, null, 'the writer was disturbed');
    } finally {
      writer.kill('SIGKILL');
      program.remove();
    }
  });

  it('shows what the writer of the same process has committed, and disturbs it in nothing', async () => {
    const db = engine.open(file, 'create');
    createLedger(db);
    for (let count = 1; count <= 5; count++) {
      appendRecords(db, 2);
      assert.equal(engine.readSnapshot(file, readLedger), 2 * count);
    }
    db.exec('BEGIN; DELETE FROM records');
    assert.equal(engine.readSnapshot(file, readLedger), 10, 'what is not committed is not seen');
    db.exec('ROLLBACK');
    await db.sync();
    assert.equal(readLedger(db), 10);
    db.close();
    assert.equal(engine.readSnapshot(file, readLedger), 10);
  });

  it('creates nothing, writes nothing and locks nothing, with a log and without', () => {
    const db = engine.open(file, 'create');
    createLedger(db);
    db.query('PRAGMA wal_checkpoint(TRUNCATE)');
    appendRecords(db, 4);
    for (const close of [() => undefined, () => db.close()]) {
      close();
      const before = facts(folder.path);
      assert.equal(engine.readSnapshot(file, readLedger), 4);
      assert.deepEqual(facts(folder.path), before);
    }
  });

  it('refuses to write, and leaves no statement behind', () => {
    const db = engine.open(file, 'create');
    createLedger(db);
    db.close();
    assert.throws(() => engine.readSnapshot(file, (reader) => reader.query('DELETE FROM head')), { code: 'read_only' });
    const statement = engine.readSnapshot(file, (reader) => reader.prepare('SELECT last FROM head'));
    assert.throws(() => statement.all(), { code: 'closed' });
  });

  it('says that there is no database, and passes on what the caller throws', () => {
    assert.throws(() => engine.readSnapshot(file, () => 1), { code: 'damaged', message: /session\.db/ });
    engine.open(file, 'create').close();
    const own = new Error('own');
    assert.throws(
      () =>
        engine.readSnapshot(file, () => {
          throw own;
        }),
      own,
    );
  });

  it('gives up with an error worth a retry when the file never holds still', async () => {
    engine.open(file, 'create').close();
    let now = 0n;
    const moving = {
      ...watched(nodeFileCalls, () => undefined),
      statSync: (name: string) => ({ ...nodeFileCalls.statSync(name), modifiedNs: ++now }),
    };
    const restless = await loadSqlJs(folder.path, { calls: moving });
    assert.throws(() => restless.readSnapshot(file, () => 1), { code: 'io', retryable: true });
  });
});

function facts(folder: string): unknown {
  return readdirSync(folder).map((name) => {
    const file = path.join(folder, name);
    return [name, statSync(file).mtimeMs, readFileSync(file, 'latin1')];
  });
}
