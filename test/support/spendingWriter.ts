import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { noUsage } from '../../src/core/protocol/usage';
import { FileSpendingLedger } from '../../src/node/store/spendingLedger';

// Usage: node spendingWriter.js STORE VENDOR COUNT [START]   From the moment START on, adds so many calls of 1 token, one after the other; `all` for COUNT: until it is killed, saying each.
async function write(dir: string, vendor: string, count: string, startAt: number): Promise<void> {
  await sleep(Math.max(0, startAt - Date.now()));
  const ledger = new FileSpendingLedger({
    dir,
    onFailure: (error) => {
      throw error;
    },
  });
  for (let done = 1; count === 'all' || done <= Number(count); done++) {
    await ledger.add({ vendor, model: `model of ${vendor}`, usage: { ...noUsage, totalTokens: 1, cost: 0.25 } });
    if (count === 'all') writeSync(1, `${done}\n`);
  }
}

void write(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] ?? '', Number(process.argv[5] ?? 0));
