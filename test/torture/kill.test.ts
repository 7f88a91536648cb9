import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { SqlEngine } from '../../src/core/store/sqlDatabase';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { buildChildProgram, writeUntilKilled, type ChildProgram } from '../support/childProgram';
import { readLedger } from '../support/ledger';
import { randomOf, seed } from '../support/random';
import { trials } from '../support/share';
import { useTempFolder } from '../support/tempFolder';

const killsPerFile = 8;
const writersAtOnce = 3;

describe(`A writing process killed at any instant (COUNTERSIGN_SEED=${seed})`, () => {
  const folder = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/support/ledgerWriter.ts');
  });
  after(() => program.remove());

  it('loses no record that it acknowledged, and leaves a whole database', async () => {
    const engine = await loadSqlJs(folder.path);
    const kills = trials(40, 400);
    const waiting = Array.from({ length: Math.ceil(kills / killsPerFile) }, (_none, index) => index);
    let acknowledged = 0;
    const worker = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
        acknowledged += await killAgainAndAgain(
          program,
          engine,
          path.join(folder.path, `store ${index}`),
          seed + index,
        );
    };
    await Promise.all(Array.from({ length: writersAtOnce }, worker));
    assert.ok(acknowledged > kills, `only ${acknowledged} records were acknowledged`);
  });
});

/** One database that goes through several killed processes. @returns the records that were acknowledged */
async function killAgainAndAgain(
  program: ChildProgram,
  engine: SqlEngine,
  store: string,
  own: number,
): Promise<number> {
  mkdirSync(store);
  const file = path.join(store, 'session.db');
  const random = randomOf(own);
  let acknowledged = 0;
  for (let kill = 0; kill < killsPerFile; kill++) {
    const said = await writeUntilKilled(program, [file, String(own + kill)], 1 + random.below(80));
    acknowledged = Math.max(acknowledged, said);
    const db = engine.open(file, 'existing');
    const last = readLedger(db);
    db.close();
    assert.ok(last >= acknowledged, `COUNTERSIGN_SEED=${own}: ${acknowledged} were acknowledged, ${last} are there`);
  }
  return acknowledged;
}
