import { writeSync } from 'node:fs';
import * as path from 'node:path';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { appendRecords, createLedger } from './ledger';
import { randomOf } from './random';

// Usage: node ledgerWriter.js DATABASE SEED   Appends records until it is killed; prints the id of the last acknowledged one.
async function write(file: string, seed: number): Promise<void> {
  const random = randomOf(seed);
  const engine = await loadSqlJs(path.dirname(file));
  let db = engine.open(file, 'create');
  if (db.query("SELECT 1 FROM sqlite_schema WHERE name = 'head'").length === 0) createLedger(db);
  for (;;) {
    const last = appendRecords(db, 1 + random.below(5));
    if (random.chance(0.7)) {
      await db.sync();
      writeSync(1, `${last}\n`);
    }
    if (random.chance(0.05)) db.query('PRAGMA wal_checkpoint(TRUNCATE)');
    if (random.chance(0.02)) {
      db.close();
      db = engine.open(file, 'existing');
    }
  }
}

void write(process.argv[2] ?? '', Number(process.argv[3]));
