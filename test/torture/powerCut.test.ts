import { strict as assert } from 'node:assert';
import type { SqlDatabase } from '../../src/core/store/sqlDatabase';
import { StoreError } from '../../src/core/errors';
import { loadProgram } from '../../src/node/sqlJs/loadSqlJs';
import { SqlJsEngine, type SqlJsProgram } from '../../src/node/sqlJs/sqlJsEngine';
import { appendRecords, createLedger, readLedger } from '../support/ledger';
import { type Random, randomOf, seed } from '../support/random';
import { forEachSeed, trials } from '../support/share';
import { SimulatedDisk } from '../support/simulatedDisk';
import { watched } from '../support/watchedCalls';

const file = '/store/session.db';

/** A disk as a power cut left it, and what had been promised by then; -1: nothing yet, not even the tables. */
interface Cut {
  readonly disk: SimulatedDisk;
  readonly acknowledged: number;
}

interface Conditions {
  readonly diskLies?: boolean;
  readonly withoutBarrier?: boolean;
  readonly flushesFail?: boolean;
}

describe(`A power cut (COUNTERSIGN_SEED=${seed})`, () => {
  let program: SqlJsProgram;
  before(async () => {
    program = await loadProgram();
  });

  it('takes nothing that was acknowledged, whatever it drops, reorders or tears', async () => {
    let cuts = 0;
    await forEachSeed(trials(40, 2_000), async (own) => {
      const all = await cutsOf(program, randomOf(own), {});
      cuts += all.length;
      for (const cut of all) assertKept(program, cut);
    });
    assert.ok(cuts >= 500, `only ${cuts} cuts were tried`);
  });

  it('takes nothing that was acknowledged after a flush that failed', async () => {
    await forEachSeed(trials(30, 1_000), async (own) => {
      for (const cut of await cutsOf(program, randomOf(own), { flushesFail: true })) assertKept(program, cut);
    });
  });

  for (const [name, conditions] of [
    ['without the barrier', { withoutBarrier: true }],
    ['on a disk that lies about its flushes', { diskLies: true }],
  ] as const)
    it(`does take something ${name}: this test can fail`, async () => {
      let lost = 0;
      await forEachSeed(trials(10, 100), async (own) => {
        for (const cut of await cutsOf(program, randomOf(own), conditions)) if (!isKept(program, cut)) lost += 1;
      });
      assert.ok(lost > 0);
    });
});

/** Works on a ledger for a while and cuts the power at random calls; each cut is a disk of its own, the work goes on. */
async function cutsOf(program: SqlJsProgram, random: Random, conditions: Conditions): Promise<readonly Cut[]> {
  const disk = new SimulatedDisk();
  disk.lies = conditions.diskLies === true;
  const cuts: Cut[] = [];
  let acknowledged = -1;
  const cut = (): void => void cuts.push({ disk: disk.cut(random), acknowledged });
  const calls = watched(disk, () => {
    if (random.chance(0.03)) cut();
  });
  const engine = new SqlJsEngine(program, calls);
  let db = engine.open(file, 'create');
  createLedger(db);
  await db.sync();
  acknowledged = 0;
  for (let step = 0; step < 25; step++) {
    const last = appendRecords(db, 1 + random.below(4));
    if (conditions.withoutBarrier === true) acknowledged = last;
    else if (random.chance(0.5)) {
      if (conditions.flushesFail === true && random.chance(0.2))
        db = await reopenAfterFailure(engine, disk, db, random);
      else await db.sync();
      acknowledged = readLast(db);
    }
    if (random.chance(0.08)) db.query('PRAGMA wal_checkpoint(TRUNCATE)');
    if (random.chance(0.08)) {
      db.close();
      db = engine.open(file, 'existing');
      acknowledged = last;
    }
  }
  cut();
  db.close();
  cut();
  return cuts;
}

/** What was not acknowledged may be gone then, but what is read again is promised to stay. */
async function reopenAfterFailure(
  engine: SqlJsEngine,
  disk: SimulatedDisk,
  db: SqlDatabase,
  random: Random,
): Promise<SqlDatabase> {
  const flushing = random.pick<() => unknown>([
    () => assert.rejects(db.sync(), { code: 'io' }),
    () => assert.throws(() => db.query('PRAGMA wal_checkpoint(TRUNCATE)'), { code: 'io' }),
    () => db.close(),
  ]);
  disk.failsNextFlush = true;
  await flushing();
  assert.throws(() => db.query('SELECT 1'), StoreError);
  disk.failsNextFlush = false;
  return engine.open(file, 'existing');
}

function readLast(db: SqlDatabase): number {
  return Number(db.query('SELECT last FROM head')[0]?.[0]);
}

function assertKept(program: SqlJsProgram, { disk, acknowledged }: Cut): void {
  const engine = new SqlJsEngine(program, disk);
  if (acknowledged < 0) {
    // Nothing was promised; but what is there must not stand in the way of beginning anew.
    engine.open(file, 'create').close();
    return;
  }
  const db = engine.open(file, 'existing');
  try {
    const last = readLedger(db);
    assert.ok(last >= acknowledged, `${acknowledged} were acknowledged, ${last} are there`);
  } finally {
    db.close();
  }
}

function isKept(program: SqlJsProgram, cut: Cut): boolean {
  try {
    assertKept(program, cut);
    return true;
  } catch (error) {
    // Lost or damaged; anything else would be a fault of the test.
    if (error instanceof assert.AssertionError || error instanceof StoreError) return false;
    if (error instanceof Error && /no such table/.test(error.message)) return false;
    throw error;
  }
}
