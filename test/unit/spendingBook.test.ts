import { strict as assert } from 'node:assert';
import { SpendingBook, type Allowance } from '../../src/core/agent/spendingBook';
import type { Prediction } from '../../src/core/context/contextMeter';
import type { ModelProvider } from '../../src/core/model/provider';
import { MemorySpending } from '../../src/core/model/memorySpending';
import { scriptedModel } from '../../src/core/model/scripted';
import type { Spending } from '../../src/core/model/spending';
import { addSpending, noUsage, type Budget, type ModelPrice, type ModelSpending } from '../../src/core/protocol/usage';

const rates: ModelPrice = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
const modelFor = (price: ModelPrice | undefined): ModelProvider => {
  const { price: _free, ...rest } = scriptedModel([]);
  return { ...rest, maxOutputTokens: 8_000, ...(price && { price }) };
};
const model = modelFor(rates);

const request = (tokens: number, cachedTokens = 0): Prediction => ({
  tokens,
  counted: 0,
  cachedTokens,
  isExact: true,
  raw: tokens,
});
const spent = (cost: number): readonly ModelSpending[] =>
  addSpending([], { vendor: 'v', model: 'm' }, { ...noUsage, cost });
const { cost: _cost, ...withoutCost } = noUsage;

const bookWith = (budget: Budget | undefined, spending: readonly ModelSpending[] = [], port?: Spending): SpendingBook =>
  new SpendingBook({ state: { spending }, budget, spending: port });

const messageOf = (allowance: Allowance): string =>
  allowance.kind === 'stop' ? allowance.error.message : 'it may be sent';

describe('the book of what a session spends', () => {
  it('takes for granted that nothing is in the cache and all of it is written there', async () => {
    // 10,000 tokens cost $0.0375 to write, 300 tokens of answer $0.0045: together $0.042.
    assert.equal((await bookWith({ usd: 0.0421 }).check(model, request(10_000))).kind, 'go');
    const stopped = await bookWith({ usd: 0.0419 }).check(model, request(10_000));
    assert.match(messageOf(stopped), /needs about \$0\.042\./);
  });

  it('counts as cached what was counted as cached, and writing where that costs less as reading', async () => {
    // 8,000 from the cache cost $0.0024, 2,000 written $0.0075, the answer $0.0045.
    assert.equal((await bookWith({ usd: 0.0145 }).check(model, request(10_000, 8_000))).kind, 'go');
    assert.equal((await bookWith({ usd: 0.0143 }).check(model, request(10_000, 8_000))).kind, 'stop');
    const freeToWrite = modelFor({ input: 3, output: 15, cacheWrite: 0 });
    assert.equal((await bookWith({ usd: 0.034 }).check(freeToWrite, request(10_000))).kind, 'stop');
  });

  it('lets an answer be as long as what is left after the input pays for', async () => {
    const allowance = await bookWith({ usd: 0.0525 }).check(model, request(10_000));
    assert.equal(allowance.kind === 'go' && allowance.maxOutputTokens, 1_000);
  });

  it('lets a model that costs nothing go on when the dollars are spent', async () => {
    const free = modelFor({ input: 0, output: 0 });
    const allowance = await bookWith({ usd: 1 }, spent(1.2)).check(free, request(10_000));
    assert.equal(allowance.kind, 'go');
    assert.equal(allowance.maxOutputTokens, undefined);
    assert.equal((await bookWith({ usd: 1, tokens: 100 }).check(free, request(10_000))).kind, 'stop');
  });

  it('warns again on every day that comes near its budget', async () => {
    let today = spent(0.85);
    const port: Spending = {
      budgets: () => ({ day: { usd: 1 } }),
      today: async () => today,
      add: async () => undefined,
    };
    const book = bookWith(undefined, [], port);
    const warnings = async (): Promise<number> => (await book.check(model, request(10))).events.length;
    assert.deepEqual([await warnings(), await warnings()], [1, 0]);
    today = [];
    assert.equal(await warnings(), 0);
    today = spent(0.9);
    assert.deepEqual([await warnings(), await warnings()], [1, 0]);
  });

  it('says that at least so much is spent where some calls had no price', async () => {
    const call = { vendor: 'v', model: 'm' };
    const spending = addSpending(spent(0.99), call, { ...withoutCost, totalTokens: 5 });
    const stopped = await bookWith({ usd: 1 }, spending).check(model, request(10_000));
    assert.match(messageOf(stopped), /: at least \$0\.99 of \$1\.00 are spent, /);
    assert.match(messageOf(await bookWith({ usd: 1 }, spent(0.99)).check(model, request(10_000))), /: \$0\.99 of /);
    const tokens = await bookWith({ tokens: 10 }, spending).check(model, request(10_000));
    assert.match(messageOf(tokens), /: 5 tokens of 10 tokens are spent/);
  });

  it('holds what a request needs of the day until it is counted, so that ten at the same time do not pass the budget', async () => {
    const port = new MemorySpending({ budgets: () => ({ day: { usd: 0.1 } }) });
    const books = Array.from({ length: 10 }, () => bookWith(undefined, [], port));
    const allowances = await Promise.all(books.map((book) => book.check(model, request(10_000))));
    assert.deepEqual(
      allowances.map(({ kind }) => kind),
      ['go', 'go', ...Array.from({ length: 8 }, () => 'stop')],
    );
    assert.match(
      messageOf(allowances[2] ?? assert.fail()),
      /today's budget: \$0\.00 of \$0\.10 are spent, \$0\.084 are held for requests under way, and it needs about \$0\.042\./,
    );
    for (const allowance of allowances) if (allowance.kind === 'go') allowance.release();
    const again = await bookWith(undefined, [], port).check(model, request(10_000));
    assert.equal(again.kind, 'go');
    again.release();
    again.release();
    assert.deepEqual(port.reserved(), { usd: 0, tokens: 0 });
  });

  it('holds tokens of the day as well, and nothing of the next answer for the request that is held', async () => {
    const port = new MemorySpending({ budgets: () => ({ day: { tokens: 25_000 } }) });
    const [one, two, three] = [0, 1, 2].map(() => bookWith(undefined, [], port));
    assert.equal((await one?.check(modelFor(undefined), request(10_000)))?.kind, 'go');
    const second = await two?.check(modelFor(undefined), request(10_000));
    assert.ok(second?.kind === 'go');
    assert.equal(second.maxOutputTokens, 25_000 - 10_300 - 10_000);
    const third = await three?.check(modelFor(undefined), request(5_000));
    assert.match(messageOf(third ?? assert.fail()), /20,600 tokens are held/);
  });

  it('holds nothing twice for a session that asks again', async () => {
    const port = new MemorySpending({ budgets: () => ({ day: { usd: 0.05 } }) });
    const book = bookWith(undefined, [], port);
    for (let tries = 1; tries <= 3; tries++) assert.equal((await book.check(model, request(10_000))).kind, 'go');
  });

  it('works with a port that cannot hold anything', async () => {
    const port: Spending = {
      budgets: () => ({ day: { usd: 0.05 } }),
      today: async () => [],
      add: async () => undefined,
    };
    for (const book of [bookWith(undefined, [], port), bookWith({ usd: 1 })]) {
      const allowance = await book.check(model, request(10_000));
      assert.ok(allowance.kind === 'go');
      allowance.release();
    }
  });
});
