import { strict as assert } from 'node:assert';
import { StoreError } from '../../src/core/errors';
import { loadProgram } from '../../src/node/sqlJs/loadSqlJs';
import { SqlJsEngine, type SqlJsProgram } from '../../src/node/sqlJs/sqlJsEngine';
import { appendRecords, createLedger, readLedger } from '../support/ledger';
import { seed } from '../support/random';
import { isLong } from '../support/share';
import { SimulatedDisk, systemError } from '../support/simulatedDisk';
import { type FileCallName, watched } from '../support/watchedCalls';

const file = '/store/session.db';
const failing: readonly FileCallName[] = [
  ...(['openSync', 'writeSync', 'fsyncSync', 'fdatasync', 'ftruncateSync', 'syncFolderSync', 'readSync'] as const),
];
const codes = { ENOSPC: 'disk_full', EIO: 'io', EACCES: 'read_only', EROFS: 'read_only' } as const;
type Code = keyof typeof codes;

describe(`A call to the file system that fails (COUNTERSIGN_SEED=${seed})`, () => {
  let program: SqlJsProgram;
  before(async () => {
    program = await loadProgram();
  });

  for (const code of ['ENOSPC', 'EIO'] as const)
    for (const stays of [false, true])
      it(`with ${code}${stays ? ' and so do all after it' : ' once'}: typed errors, and nothing acknowledged is lost`, async () => {
        let faults = 0;
        const lastCall = await workWithFault(program, { code, at: Infinity, stays });
        for (let at = isLong ? 1 : 1 + (seed % 3); at <= lastCall.calls; at += isLong ? 1 : 3) {
          const { wasHit } = await workWithFault(program, { code, at, stays });
          if (wasHit) faults += 1;
        }
        assert.ok(faults > 50, `only ${faults} faults were hit`);
      });

  it('because the folder may not be written to: says so, and reading still works', async () => {
    for (const code of ['EACCES', 'EROFS'] as const) {
      const disk = new SimulatedDisk();
      const db = new SqlJsEngine(program, disk).open(file, 'create');
      createLedger(db);
      appendRecords(db, 3);
      db.close();
      const readOnly = watched(disk, (name, target) => {
        if (name === 'openSync' && typeof target === 'string' && !isReading) throw systemError(code, target);
      });
      let isReading = false;
      const engine = new SqlJsEngine(program, readOnly);
      for (const mode of ['create', 'existing'] as const)
        assert.throws(() => engine.open(file, mode), { code: 'read_only', message: /session\.db/ });
      isReading = true;
      assert.equal(engine.readSnapshot(file, readLedger), 3);
      assert.deepEqual(disk.files(), [file]);
    }
  });
});

interface Fault {
  readonly code: Code;
  /** Which of the calls, counted from 1. */
  readonly at: number;
  readonly stays: boolean;
}

/** Works on a ledger until a call fails; then without the fault everything acknowledged must be there, and work go on. */
async function workWithFault(program: SqlJsProgram, fault: Fault): Promise<{ calls: number; wasHit: boolean }> {
  const disk = new SimulatedDisk();
  let [calls, wasHit, isGone, acknowledged] = [0, false, false, -1];
  const hit = watched(disk, (name, target) => {
    if (isGone || !failing.includes(name)) return;
    calls += 1;
    if (calls !== fault.at && !(fault.stays && calls > fault.at)) return;
    wasHit = true;
    throw systemError(fault.code, String(target));
  });
  const engine = new SqlJsEngine(program, hit);
  try {
    let db = engine.open(file, 'create');
    try {
      createLedger(db);
      await db.sync();
      acknowledged = 0;
      for (let step = 0; step < 10; step++) {
        const last = appendRecords(db, 1 + (step % 3));
        await db.sync();
        acknowledged = last;
        if (step === 3) db.query('PRAGMA wal_checkpoint(TRUNCATE)');
        if (step !== 6) continue;
        db.close();
        db = engine.open(file, 'existing');
      }
    } finally {
      db.close();
    }
  } catch (error) {
    assert.ok(error instanceof StoreError, `call ${fault.at}: ${String(error)}`);
    assert.ok(['io', codes[fault.code]].includes(error.code), `call ${fault.at}: ${error.code}: ${error.message}`);
    assert.notEqual(error.advice, '');
  }
  isGone = true;
  const db = engine.open(file, 'create');
  try {
    if (acknowledged < 0) return { calls, wasHit };
    const last = readLedger(db);
    assert.ok(last >= acknowledged, `call ${fault.at}: ${acknowledged} were acknowledged, ${last} are there`);
    assert.equal(appendRecords(db, 2), last + 2);
  } finally {
    db.close();
  }
  return { calls, wasHit };
}
