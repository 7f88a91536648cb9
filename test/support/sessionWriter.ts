import { writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { AgentId } from '../../src/core/protocol/ids';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../src/node/store/jsonLog';
import { sqliteFormat } from '../../src/node/store/sqliteLog';
import { randomOf } from './random';
import { appendBatches } from './sessionLedger';

// Usage: node sessionWriter.js STORE SEED json|sqlite   Writes to the session `main` until it is killed; prints the last acknowledged seq.
async function write(dir: string, seed: number, formatName: string): Promise<void> {
  const random = randomOf(seed);
  const format = formatName === 'json' ? jsonFormat() : sqliteFormat(await loadSqlJs(tmpdir()));
  const store = new FileSessionStore({ dir, format });
  const id = 'main' as AgentId;
  let log = await store.open(id, (await store.exists(id)) ? 'existing' : 'create');
  for (;;) {
    const last = await appendBatches(log, 1 + random.below(4));
    if (random.chance(0.7)) {
      await log.barrier();
      writeSync(1, `${last}\n`);
    }
    if (random.chance(0.03)) {
      await log.close();
      log = await store.open(id, 'existing');
    }
  }
}

void write(process.argv[2] ?? '', Number(process.argv[3]), process.argv[4] ?? '');
