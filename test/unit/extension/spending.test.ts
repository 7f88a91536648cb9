import { strict as assert } from 'node:assert';
import { MemorySpending } from '../../../src/core/model/memorySpending';
import { noUsage, type ModelSpending } from '../../../src/core/protocol/usage';
import { HostSpending } from '../../../src/extension/spending/hostSpending';
import { parseLimit } from '../../../src/extension/spending/parseLimit';
import { formatUsd } from '../../../src/extension/spending/usd';
import { budgetText } from '../../../src/extension/spending/budgetText';
import { until } from '../../support/sessionWindow';

describe('what is spent and may be', () => {
  it('amounts are taken as people write them', () => {
    const limits = ['', ' ', '2', '2.50', '$ 2,50', '1,000,000', '500 000', '0'].map(parseLimit);
    assert.deepEqual(limits, [undefined, undefined, 2, 2.5, 2.5, 1_000_000, 500_000, 0]);
    for (const wrong of ['-1', 'two', '1e3', '1.2.3', '5 €']) assert.equal(parseLimit(wrong), 'wrong', wrong);
  });

  it('a cost is never shown as nothing when there was one', () => {
    assert.deepEqual([0, 0.004, 0.126, 12].map(formatUsd), ['$0.00', '<$0.01', '$0.13', '$12.00']);
  });

  it('a warning says whose budget it is, how much of it is spent, and what happens', () => {
    const near = budgetText({ scope: 'session', unit: 'usd', spent: 0.81, budget: 1, level: 'near' });
    assert.match(near, /session's budget is nearly spent: \$0\.81 of \$1\.00/);
    const reached = budgetText({ scope: 'day', unit: 'tokens', spent: 99_000, budget: 100_000, level: 'reached' });
    assert.match(reached, /Today's budget is reached: 99,000 tokens of 100,000 tokens.*not sent.*Raise it/);
  });

  it("today's sum is at hand after each call, and read again when it is asked for", async () => {
    let changes = 0;
    const ledger = new MemorySpending();
    const ports = { ledger, budgets: () => ({ day: { usd: 1 } }), onChange: () => changes++ };
    const spending = new HostSpending({ ...ports, reportError: (_what, error) => assert.fail(String(error)) });
    const sum = (): readonly ModelSpending[] => spending.known ?? [];
    assert.deepEqual(sum(), []);
    const call = { vendor: 'anthropic', model: 'one', usage: { ...noUsage, inputTokens: 10, cost: 0.5 } };
    await spending.add(call);
    await until(() => changes === 1);
    assert.equal(sum()[0]?.usage.cost, 0.5);
    await ledger.add(call); // Another window.
    spending.refresh();
    await until(() => changes === 2);
    assert.equal(sum()[0]?.calls, 2);
    assert.deepEqual(spending.budgets(), { day: { usd: 1 } });
    const release = spending.reserve({ usd: 0.1, tokens: 5 });
    assert.deepEqual(spending.reserved(), { usd: 0.1, tokens: 5 });
    release();
    assert.deepEqual(ledger.reserved(), { usd: 0, tokens: 0 });
  });
});
