import { strict as assert } from 'node:assert';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { StoreError } from '../../src/core/errors';
import type { AgentId } from '../../src/core/protocol/ids';
import type { SessionFormat } from '../../src/node/sessionFormat';
import type { FileCalls } from '../../src/node/sqlJs/fileCalls';
import { loadProgram, loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { SqlJsEngine, type SqlJsProgram } from '../../src/node/sqlJs/sqlJsEngine';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../src/node/store/jsonLog';
import { sqliteFormat } from '../../src/node/store/sqliteLog';
import { buildChildProgram, type ChildProgram, writeUntilKilled } from '../support/childProgram';
import { type Random, randomOf, seed } from '../support/random';
import { appendBatches, readBatches } from '../support/sessionLedger';
import { forEachSeed, isLong, trials } from '../support/share';
import { SimulatedDisk, systemError } from '../support/simulatedDisk';
import { useTempFolder } from '../support/tempFolder';
import { type FileCallName, watched } from '../support/watchedCalls';

const ports = { checkLease: () => undefined };
const ofDisk = '/store/session';

describe(`A session (COUNTERSIGN_SEED=${seed})`, () => {
  const folder = useTempFolder();
  let sqlJs: SqlJsProgram;
  let writer: ChildProgram;
  before(async () => {
    sqlJs = await loadProgram();
    writer = await buildChildProgram('test/support/sessionWriter.ts');
  });
  after(() => writer.remove());

  const onDisk = (calls: FileCalls): SessionFormat => sqliteFormat(new SqlJsEngine(sqlJs, calls));

  for (const name of ['sqlite', 'json'] as const)
    it(`in ${name} keeps every acknowledged batch whole when its process is killed at any instant`, async () => {
      const random = randomOf(seed);
      const format = name === 'json' ? jsonFormat() : sqliteFormat(await loadSqlJs(tmpdir()));
      let acknowledged = 0;
      for (let kill = 0; kill < trials(8, 100); kill++) {
        const dir = path.join(folder.path, String(Math.floor(kill / 8)));
        if (kill % 8 === 0) acknowledged = 0;
        const said = await writeUntilKilled(writer, [dir, String(seed + kill), name], 1 + random.below(80));
        acknowledged = Math.max(acknowledged, said);
        const log = await new FileSessionStore({ dir, format }).open('main' as AgentId, 'existing');
        const last = await readBatches(log);
        await log.close();
        assert.ok(last >= acknowledged, `${acknowledged} were acknowledged, ${last} are there`);
      }
    });

  it('keeps every acknowledged batch whole through power cuts', async () => {
    await forEachSeed(trials(8, 500), async (own) => {
      for (const { disk, acknowledged } of await cutsOf(randomOf(own))) {
        const log = await onDisk(disk).open(ofDisk, 'existing', ports);
        const last = await readBatches(log);
        await log.close();
        assert.ok(last >= acknowledged, `${acknowledged} were acknowledged, ${last} are there`);
      }
    });
  });

  it('answers every failing call with a typed error, and goes on from all that it acknowledged', async () => {
    for (const code of ['ENOSPC', 'EIO']) {
      const { calls } = await workWithFault(code, Infinity);
      for (let at = 1 + (seed % 4); at <= calls; at += isLong ? 1 : 4) await workWithFault(code, at);
    }
  });

  async function cutsOf(random: Random): Promise<readonly { disk: SimulatedDisk; acknowledged: number }[]> {
    const disk = new SimulatedDisk();
    const cuts: { disk: SimulatedDisk; acknowledged: number }[] = [];
    let acknowledged = -1;
    const format = onDisk(
      watched(disk, () => {
        if (acknowledged >= 0 && random.chance(0.02)) cuts.push({ disk: disk.cut(random), acknowledged });
      }),
    );
    let log = await format.open(ofDisk, 'create', ports);
    await log.barrier();
    acknowledged = 0;
    for (let step = 0; step < 15; step++) {
      const last = await appendBatches(log, 1 + random.below(3));
      if (random.chance(0.6)) {
        await log.barrier();
        acknowledged = last;
      }
      if (!random.chance(0.1)) continue;
      await log.close();
      acknowledged = last;
      log = await format.open(ofDisk, 'existing', ports);
    }
    await log.close();
    return cuts;
  }

  async function workWithFault(code: string, at: number): Promise<{ calls: number }> {
    const disk = new SimulatedDisk();
    const failing: readonly FileCallName[] = ['openSync', 'writeSync', 'fsyncSync', 'fdatasync', 'ftruncateSync'];
    let [calls, isGone, acknowledged] = [0, false, -1];
    const format = onDisk(
      watched(disk, (name, target) => {
        if (isGone || !failing.includes(name)) return;
        calls += 1;
        if (calls === at) throw systemError(code, String(target));
      }),
    );
    try {
      const log = await format.open(ofDisk, 'create', ports);
      try {
        await log.barrier();
        acknowledged = 0;
        for (let step = 0; step < 5; step++) {
          const last = await appendBatches(log, 1);
          await log.barrier();
          acknowledged = last;
        }
      } finally {
        await log.close();
      }
    } catch (error) {
      assert.ok(error instanceof StoreError, `call ${at}: ${String(error)}`);
    }
    isGone = true;
    if (acknowledged < 0) return { calls };
    const log = await format.open(ofDisk, 'existing', ports);
    const last = await readBatches(log);
    assert.ok(last >= acknowledged, `call ${at}: ${acknowledged} were acknowledged, ${last} are there`);
    assert.equal(await appendBatches(log, 1), last + 1);
    await log.close();
    return { calls };
  }
});
