import { strict as assert } from 'node:assert';
import { StoreError } from '../../src/core/errors';
import { loadProgram } from '../../src/node/sqlJs/loadSqlJs';
import { SqlJsEngine, type SqlJsProgram } from '../../src/node/sqlJs/sqlJsEngine';
import { appendRecords, createLedger } from '../support/ledger';
import { randomOf, seed } from '../support/random';
import { forEachSeed, trials } from '../support/share';
import { SimulatedDisk } from '../support/simulatedDisk';

const file = '/store/session.db';

describe(`A smashed database file (COUNTERSIGN_SEED=${seed})`, () => {
  let program: SqlJsProgram;
  let whole: Uint8Array;
  before(async () => {
    program = await loadProgram();
    const disk = new SimulatedDisk();
    const db = new SqlJsEngine(program, disk).open(file, 'create');
    createLedger(db);
    for (let count = 0; count < 10; count++) appendRecords(db, 5);
    db.close();
    whole = disk.bytesOf(file);
  });

  /** Reads everything there is. @returns what was refused, if anything was */
  function readAll(bytes: Uint8Array): unknown {
    const disk = new SimulatedDisk();
    disk.put(file, bytes);
    const engine = new SqlJsEngine(program, disk);
    try {
      const db = engine.open(file, 'existing');
      try {
        db.query('PRAGMA integrity_check');
        db.query('SELECT * FROM records ORDER BY id');
      } finally {
        db.close();
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  it('that is empty or no database at all is refused as damaged', () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(4096), Buffer.from('not a database\n'.repeat(200))]) {
      const refusal = readAll(bytes);
      assert.ok(refusal instanceof StoreError && refusal.code === 'damaged', String(refusal));
    }
  });

  it('cut off at any page gives what is left or a typed error', () => {
    for (let size = 512; size < whole.length; size += 512) assertHonest(readAll(whole.slice(0, size)));
  });

  it('with random bytes in random places gives what is left or a typed error', async () => {
    let refused = 0;
    await forEachSeed(trials(150, 20_000), async (own) => {
      const random = randomOf(own);
      const bytes = whole.slice();
      const start = random.chance(0.3) ? random.below(100) : random.below(bytes.length);
      for (let at = start; at < Math.min(bytes.length, start + 1 + random.below(600)); at++)
        bytes[at] = random.below(256);
      const refusal = readAll(bytes);
      assertHonest(refusal);
      if (refusal !== undefined) refused += 1;
    });
    assert.ok(refused > 0, 'nothing was refused');
    assert.equal(readAll(whole), undefined, 'the engine is not what it was before');
  });
});

function assertHonest(refusal: unknown): void {
  if (refusal === undefined) return;
  if (refusal instanceof StoreError)
    assert.ok(['damaged', 'newer_version', 'io'].includes(refusal.code), refusal.message);
  // The table's definition itself was hit.
  else assert.match(refusal instanceof Error ? refusal.message : '', /no such (table|column)/);
}
