import { strict as assert } from 'node:assert';
import { MemorySpending } from '../../src/core/model/memorySpending';
import { noUsage } from '../../src/core/protocol/usage';
import { localDay } from '../../src/core/util/localDay';

describe('what is spent, kept in memory', () => {
  const call = { vendor: 'v', model: 'm', usage: { ...noUsage, totalTokens: 3, cost: 0.5 } };

  it('is summed over a day, also when calls end at the same time', async () => {
    let now = new Date(2026, 10, 21, 23, 59).getTime();
    const spending = new MemorySpending({ now: () => now });
    await Promise.all([spending.add(call), spending.add(call), spending.add({ ...call, model: 'other' })]);
    assert.deepEqual(
      (await spending.today()).map(({ model, calls, usage }) => [model, calls, usage.cost]),
      [
        ['m', 2, 1],
        ['other', 1, 0.5],
      ],
    );
    now += 60_000;
    assert.deepEqual(await spending.today(), []);
    await spending.add(call);
    assert.equal((await spending.today())[0]?.calls, 1);
  });

  it('has the limits that are asked for at that moment, and none by default', () => {
    const spending = new MemorySpending({ budgets: () => ({ session: { tokens: 5 } }) });
    assert.deepEqual(spending.budgets(), { session: { tokens: 5 } });
    assert.deepEqual(new MemorySpending().budgets(), {});
  });
});

describe('the day of the user', () => {
  it('is that of the clock on the wall', () => {
    assert.equal(localDay(new Date(2026, 0, 1, 0, 0).getTime()), '2026-01-01');
    assert.equal(localDay(new Date(2026, 11, 31, 23, 59, 59, 999).getTime()), '2026-12-31');
  });

  it('is counted by the calendar, over changes of the clock and leap years', () => {
    const late = new Date(2028, 2, 1, 23, 30).getTime();
    assert.equal(localDay(late, -1), '2028-02-29');
    assert.equal(localDay(late, 306), '2029-01-01');
    const days = new Set(Array.from({ length: 800 }, (_none, index) => localDay(late, -index)));
    assert.equal(days.size, 800);
  });
});
