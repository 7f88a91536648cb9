import { strict as assert } from 'node:assert';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { StoreError } from '../../../../src/core/errors';
import { noUsage, totalSpending, type ModelSpending, type TokenUsage } from '../../../../src/core/protocol/usage';
import { localDay } from '../../../../src/core/util/localDay';
import { FileSpendingLedger, type FileSpendingLedgerPorts } from '../../../../src/node/store/spendingLedger';
import { buildChildProgram, writeUntilKilled, type ChildProgram } from '../../../support/childProgram';
import { refusalOf } from '../../../support/refusal';
import { useTempFolder } from '../../../support/tempFolder';

const evening = new Date(2026, 10, 21, 23, 59, 0).getTime();
const minute = 60_000;

describe('the ledger of what is spent', () => {
  const temp = useTempFolder();
  let now: number;
  let failures: StoreError[];
  beforeEach(() => {
    now = evening;
    failures = [];
  });
  const ledgerOf = (ports: Partial<FileSpendingLedgerPorts> = {}): FileSpendingLedger =>
    new FileSpendingLedger({ dir: temp.path, now: () => now, onFailure: (error) => failures.push(error), ...ports });
  const folder = (): string => path.join(temp.path, 'v1/spending');
  const file = (day = '2026-11-21'): string => path.join(folder(), `${day}.jsonl`);
  afterEach(() => {
    assert.deepEqual(
      failures.map(({ message }) => message),
      [],
    );
  });

  it('sums the day by model, in this process and in the next, and knows calls without a price', async () => {
    const ledger = ledgerOf();
    assert.deepEqual(await ledger.today(), []);
    assert.deepEqual(readdirSync(temp.path), [], 'looking makes nothing');
    await ledger.add({ vendor: 'a', model: 'm', usage: usage(100, 0.5) });
    await ledger.add({ vendor: 'b', model: 'm', usage: { ...usage(10), reasoningTokens: 4 } });
    await ledger.add({ vendor: 'a', model: 'm', usage: usage(1, 0.25) });
    const expected = [
      { vendor: 'a', model: 'm', calls: 2, unpricedCalls: 0, usage: { ...usage(101, 0.75), cost: 0.75 } },
      { vendor: 'b', model: 'm', calls: 1, unpricedCalls: 1, usage: { ...usage(10, 0), reasoningTokens: 4, cost: 0 } },
    ];
    assert.deepEqual(await ledger.today(), expected);
    assert.deepEqual(await ledgerOf().today(), expected);
  });

  it('sees what another process adds between two looks, and counts nothing twice', async () => {
    const [here, there] = [ledgerOf(), ledgerOf()];
    for (let call = 1; call <= 5; call++) {
      await Promise.all([here.add(callOf('a')), there.add(callOf('b'))]);
      assert.deepEqual(callsIn(await here.today()), { a: call, b: call });
      if (call % 2 === 0) assert.deepEqual(callsIn(await there.today()), { a: call, b: call });
    }
    await Promise.all(Array.from({ length: 50 }, () => here.add(callOf('a'))));
    assert.deepEqual(callsIn(await there.today()), { a: 55, b: 5 });
  });

  it('begins anew at midnight, and keeps the days before', async () => {
    const ledger = ledgerOf();
    await ledger.add(callOf('a'));
    now += 2 * minute;
    assert.deepEqual(await ledger.today(), []);
    await ledger.add(callOf('a'));
    await ledger.add(callOf('b'));
    assert.deepEqual(callsIn(await ledger.today()), { a: 1, b: 1 });
    const days = async (from: string, to: string): Promise<readonly unknown[]> =>
      (await ledger.days(from, to)).map(({ day, spent }) => [day, callsIn(spent)]);
    assert.deepEqual(await days('2026-11-01', '2026-11-30'), [
      ['2026-11-21', { a: 1 }],
      ['2026-11-22', { a: 1, b: 1 }],
    ]);
    assert.deepEqual(await days('2026-11-22', '2026-11-22'), [['2026-11-22', { a: 1, b: 1 }]]);
    assert.deepEqual(await days('2026-11-23', '2026-12-31'), []);
  });

  it('removes days older than 400 with the first use of a day, and no other file', async () => {
    mkdirSync(folder(), { recursive: true });
    const [oldest, older] = [localDay(now, -400), localDay(now, -401)];
    for (const name of [`${oldest}.jsonl`, `${older}.jsonl`, '2001-01-01.txt', 'notes.jsonl'])
      writeFileSync(path.join(folder(), name), '');
    await ledgerOf().add(callOf('a'));
    assert.deepEqual(readdirSync(folder()).toSorted(), [
      '2001-01-01.txt',
      `${oldest}.jsonl`,
      '2026-11-21.jsonl',
      'notes.jsonl',
    ]);
  });

  it('leaves out a line that a crash has torn, and nothing after it', async () => {
    const ledger = ledgerOf();
    await ledger.add(callOf('a'));
    const [line = ''] = readFileSync(file(), 'utf8').trim().split('\n');
    let after = 0;
    for (let length = 1; length < line.length; length += 7) {
      appendFileSync(file(), `\n${line.slice(0, length)}`);
      assert.equal(callsIn(await ledger.today())['a'], 1);
      await ledger.add(callOf('b'));
      after++;
    }
    for (const strange of ['\0'.repeat(40), '[]', '{"vendor":"a","model":"m","usage":{"inputTokens":"1"}}'])
      appendFileSync(file(), `\n${strange}\n`);
    assert.deepEqual(callsIn(await ledger.today()), { a: 1, b: after });
    assert.deepEqual(callsIn(await ledgerOf().today()), { a: 1, b: after });
  });

  it('reads anew a file that was made shorter or taken away', async () => {
    const ledger = ledgerOf();
    await ledger.add(callOf('a'));
    const { length } = readFileSync(file());
    await ledger.add(callOf('a'));
    assert.deepEqual(callsIn(await ledger.today()), { a: 2 });
    truncateSync(file(), length);
    assert.deepEqual(callsIn(await ledger.today()), { a: 1 });
    rmSync(file());
    assert.deepEqual(await ledger.today(), []);
    await ledger.add(callOf('a'));
    assert.deepEqual(callsIn(await ledger.today()), { a: 1 });
  });

  it('fails nobody when the disk refuses: it says so once, counts on, and stores it later', async () => {
    mkdirSync(path.dirname(folder()), { recursive: true });
    writeFileSync(folder(), 'a file where the folder should be');
    const ledger = ledgerOf();
    for (let call = 1; call <= 3; call++) {
      await ledger.add(callOf('a'));
      assert.deepEqual(callsIn(await ledger.today()), { a: call });
    }
    const said = failures.splice(0);
    assert.deepEqual(
      said.map(({ message }) => /^\w+ what was spent( today)?|^Removing old days/.exec(message)?.[0]).toSorted(),
      ['Reading what was spent today', 'Removing old days', 'Storing what was spent'],
    );
    assert.ok(said.every(({ advice }) => advice.includes('goes on counting')));
    await refusalOf('io', ledger.days('2026-11-01', '2026-11-30'));
    rmSync(folder());
    await ledger.add(callOf('b'));
    assert.deepEqual(callsIn(await ledger.today()), { a: 3, b: 1 });
    assert.deepEqual(callsIn(await ledgerOf().today()), { a: 3, b: 1 });
    await ledger.add(callOf('b'));
    rmSync(folder(), { recursive: true });
    writeFileSync(folder(), '');
    await ledger.add(callOf('b'));
    assert.equal(failures.splice(0).length, 1, 'it is told again after it went well');
    assert.deepEqual(callsIn(await ledger.today()), { a: 3, b: 3 }, 'with what was stored and not read yet');
    failures.splice(0);
  });

  it('keeps what could not be stored before midnight out of the new day', async () => {
    mkdirSync(path.dirname(folder()), { recursive: true });
    writeFileSync(folder(), '');
    const ledger = ledgerOf();
    await ledger.add(callOf('a'));
    now += 2 * minute;
    assert.deepEqual(await ledger.today(), []);
    rmSync(folder());
    await ledger.add(callOf('b'));
    failures.splice(0);
    assert.deepEqual(
      (await ledger.days('2026-11-21', '2026-11-22')).map(({ day, spent }) => [day, callsIn(spent)]),
      [
        ['2026-11-21', { a: 1 }],
        ['2026-11-22', { b: 1 }],
      ],
    );
  });

  it('gives the budgets as they are now', () => {
    let day = 1;
    const ledger = ledgerOf({ budgets: () => ({ day: { usd: day } }) });
    assert.deepEqual(ledger.budgets(), { day: { usd: 1 } });
    day = 2;
    assert.deepEqual(ledger.budgets(), { day: { usd: 2 } });
    assert.deepEqual(ledgerOf().budgets(), {});
  });

  describe('written by several processes', () => {
    let program: ChildProgram;
    before(async () => {
      program = await buildChildProgram('test/support/spendingWriter.ts');
    });
    after(() => program.remove());

    it('loses no line of two that append 500 each at the same time', async () => {
      const began = Date.now();
      const start = String(began + 700);
      const watching = ledgerOf({ now: Date.now });
      let running = 2;
      for (const vendor of ['a', 'b'])
        program.start([temp.path, vendor, '500', start]).once('close', () => {
          running--;
        });
      while (running > 0) {
        for (const { calls, usage: sum } of await watching.today()) assert.equal(sum.totalTokens, calls);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const days = await watching.days(localDay(began), localDay(Date.now()));
      const spent = days.flatMap((day) => day.spent);
      assert.deepEqual(callsIn(spent), { a: 500, b: 500 });
      assert.equal(totalSpending(spent).usage.cost, 250);
      const vendors = readdirSync(folder()).flatMap((name) =>
        [...readFileSync(path.join(folder(), name), 'utf8').matchAll(/"vendor":"(.)"/g)].map(([, vendor]) => vendor),
      );
      const turns = vendors.filter((vendor, index) => index > 0 && vendor !== vendors[index - 1]).length;
      assert.ok(turns > 5, `they did not write at the same time: ${turns} turns`);
      if (days.length === 1) assert.deepEqual(callsIn(await watching.today()), { a: 500, b: 500 });
    });

    it('has every call that a killed process had acknowledged', async () => {
      const began = Date.now();
      let acknowledged = 0;
      for (let kill = 1; kill <= 5; kill++)
        acknowledged += await writeUntilKilled(program, [temp.path, 'a', 'all'], kill * 7);
      const days = await ledgerOf({ now: Date.now }).days(localDay(began), localDay(Date.now()));
      const { calls } = totalSpending(days.flatMap(({ spent }) => spent));
      assert.ok(calls >= acknowledged && calls <= acknowledged + 5, `${acknowledged} acknowledged, ${calls} there`);
    });
  });
});

function usage(totalTokens: number, cost?: number): TokenUsage {
  const { cost: _none, ...counts } = noUsage;
  return { ...counts, inputTokens: totalTokens, totalTokens, ...(cost !== undefined && { cost }) };
}

function callOf(vendor: string) {
  return { vendor, model: 'm', usage: usage(7, 0.5) };
}

function callsIn(spent: readonly ModelSpending[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { vendor, calls } of spent) counts[vendor] = (counts[vendor] ?? 0) + calls;
  return counts;
}
