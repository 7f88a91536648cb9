import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { AgentConfig, AgentDependencies } from '../../src/core/agent/config';
import { AuthenticationError } from '../../src/core/model/errors';
import type { ModelChunk, ModelRequest } from '../../src/core/model/provider';
import type { ScriptedAnswer } from '../../src/core/model/scripted';
import type { Spending } from '../../src/core/model/spending';
import type { AgentEvent, EventOf } from '../../src/core/protocol/events';
import { addSpending, totalSpending, type Budget, type ModelSpending } from '../../src/core/protocol/usage';
import { FileSpendingLedger } from '../../src/node/store/spendingLedger';
import { dependenciesFor, fewTools, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { isSummaryRequest, vendorModel } from '../support/vendorModel';

const price = { input: 3, output: 15 };
const window200k = { windowTokens: 200_000, maxOutputTokens: 8_000, price };

const ofType = <Type extends AgentEvent['type']>(events: readonly AgentEvent[], type: Type): readonly EventOf<Type>[] =>
  events.filter((event): event is EventOf<Type> => event.type === type);

/** Reads one file in every step, for ever. */
const reading = (): ScriptedAnswer => ({ calls: [{ name: 'fs_read', input: { path: 'a.ts' } }] });

/** A day's sum that several agents share. */
function sharedSpending(budgets: {
  session?: Budget;
  day?: Budget;
}): Spending & { readonly sum: () => readonly ModelSpending[] } {
  let spent: readonly ModelSpending[] = [];
  return {
    budgets: () => budgets,
    today: async () => spent,
    async add({ vendor, model, usage }) {
      spent = addSpending(spent, { vendor, model }, usage);
    },
    sum: () => spent,
  };
}

describe('what a session may spend', () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await workspaceWith({ 'a.ts': 'export const a = 1;\n'.repeat(100) });
  });
  after(() => workspace.remove());

  const agentWith = async (
    model: ReturnType<typeof vendorModel>,
    config: Partial<AgentConfig> = {},
    more: Partial<AgentDependencies> = {},
  ) => {
    const deps = { ...dependenciesFor({ script: [], workspace }), modelFactory: () => model, ...more };
    return { deps, agent: await Agent.create({ templateId: 'test', tools: fewTools, ...config }, deps) };
  };

  it('stops before the request that would pass a budget of one cent, and says so', async () => {
    const model = vendorModel(reading, { ...window200k, price: { input: 0.5, output: 2 } });
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.01 } } });
    const { status, error } = await agent.complete('Read on.');
    assert.equal(status, 'failed');
    assert.equal(error?.code, 'budget');
    assert.match(error.message, / of \$0\.01 are spent/);
    const events = await historyOf(agent);
    assert.equal(ofType(events, 'done')[0]?.reason, 'budget');
    const { cost } = totalSpending(agent.spending).usage;
    assert.ok(cost > 0.005 && cost <= 0.01, `$${cost}`);
    assert.equal(model.requests.length, ofType(events, 'token_usage').length);
    await agent[Symbol.asyncDispose]();
  });

  it('warns once at 80 % and says when it is reached', async () => {
    const model = vendorModel(reading, window200k);
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.05 } } });
    await agent.complete('Read on.');
    const warnings = ofType(await historyOf(agent), 'budget_warning');
    assert.deepEqual(
      warnings.map(({ scope, unit, level }) => ({ scope, unit, level })),
      [
        { scope: 'session', unit: 'usd', level: 'near' },
        { scope: 'session', unit: 'usd', level: 'reached' },
      ],
    );
    assert.ok((warnings[0]?.spent ?? 0) >= 0.04);
    await agent[Symbol.asyncDispose]();
  });

  it('goes on when the budget is raised', async () => {
    const budgets: { session?: Budget } = { session: { usd: 0.01 } };
    let calls = 0;
    const model = vendorModel(() => (++calls > 20 ? { text: 'Done.' } : reading()), window200k);
    const { agent } = await agentWith(model, {}, { spending: sharedSpending(budgets) });
    assert.equal((await agent.complete('Read on.')).error?.code, 'budget');
    budgets.session = { usd: 10 };
    assert.equal((await agent.complete('Go on.')).status, 'ok');
    await agent[Symbol.asyncDispose]();
  });

  it('counts over restarts', async () => {
    const model = vendorModel(reading, window200k);
    const { agent, deps } = await agentWith(model, { limits: { budget: { usd: 0.01 } } });
    await agent.complete('Read on.');
    const sent = model.requests.length;
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resume(agent.agentId, {}, deps);
    assert.equal((await again.complete('Go on.')).error?.code, 'budget');
    assert.equal(model.requests.length, sent);
    await again[Symbol.asyncDispose]();
  });

  it('holds a budget of tokens', async () => {
    const model = vendorModel(reading, window200k);
    const { agent } = await agentWith(model, { limits: { budget: { tokens: 10_000 } } });
    assert.match((await agent.complete('Read on.')).error?.message ?? '', /of 10,000 tokens are spent/);
    assert.ok(totalSpending(agent.spending).usage.totalTokens <= 10_000);
    await agent[Symbol.asyncDispose]();
  });

  it('holds the budget of a day over all sessions', async () => {
    const spending = sharedSpending({ day: { usd: 0.02 } });
    const one = await agentWith(vendorModel(reading, window200k), {}, { spending });
    assert.match((await one.agent.complete('Read on.')).error?.message ?? '', /today's budget/);
    const other = vendorModel(reading, window200k);
    const two = await agentWith(other, {}, { spending });
    assert.equal((await two.agent.complete('Read on.')).error?.code, 'budget');
    assert.ok(totalSpending(spending.sum()).usage.cost <= 0.02);
    await one.agent[Symbol.asyncDispose]();
    await two.agent[Symbol.asyncDispose]();
  });

  it('holds the budget of a day over sessions that work at the same time, with the ledger on files', async () => {
    const temp = await workspaceWith({});
    const ledger = new FileSpendingLedger({
      dir: temp.folder,
      budgets: () => ({ day: { usd: 0.05 } }),
      onFailure: (error) => assert.fail(error),
    });
    const sessions = await Promise.all(
      Array.from({ length: 10 }, () => agentWith(vendorModel(reading, window200k), {}, { spending: ledger })),
    );
    const results = await Promise.all(sessions.map(({ agent }) => agent.complete('Read on.')));
    for (const { error } of results) assert.match(error?.message ?? '', /today's budget/);
    const { cost } = totalSpending(await ledger.today()).usage;
    // What was under way was estimated: by a little that may be too low.
    assert.ok(cost > 0.025 && cost <= 0.05 * 1.03, `$${cost}`);
    for (const { agent } of sessions) await agent[Symbol.asyncDispose]();
    await temp.remove();
  });

  it('sends nothing where a budget is set in dollars and the price is not known', async () => {
    const { price: _price, ...unpriced } = window200k;
    const model = vendorModel(reading, unpriced);
    const { agent } = await agentWith(model, { limits: { budget: { usd: 5 } } });
    assert.equal((await agent.complete('Read on.')).error?.code, 'price_unknown');
    assert.equal(model.requests.length, 0);
    await agent[Symbol.asyncDispose]();
  });

  it('says that a price is unknown instead of counting it as nothing', async () => {
    const { price: _price, ...unpriced } = window200k;
    const { agent } = await agentWith(vendorModel(() => ({ text: 'Hi.' }), unpriced));
    await agent.complete('Hello.');
    assert.equal(ofType(await historyOf(agent), 'token_usage')[0]?.cost, undefined);
    assert.equal(agent.spending[0]?.unpricedCalls, 1);
    await agent[Symbol.asyncDispose]();
  });

  it('lets an answer be no longer than the budget pays for', async () => {
    const model = vendorModel(() => ({ text: 'A long answer', finish: 'length' }), window200k);
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.02 } } });
    const { error } = await agent.complete('Tell me all.');
    const [request] = model.requests;
    assert.ok(
      request?.maxOutputTokens !== undefined && request.maxOutputTokens < 8_000 / 6,
      String(request?.maxOutputTokens),
    );
    assert.equal(error?.code, 'budget');
    await agent[Symbol.asyncDispose]();
  });

  it('counts what an answer took that was stopped in the middle, as an estimate', async () => {
    const model = vendorModel(() => ({ text: 'word '.repeat(1000) }), window200k);
    const slow = {
      ...model,
      async *stream(request: ModelRequest, signal: AbortSignal) {
        for await (const chunk of model.stream(request, signal)) {
          yield chunk;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    };
    const { agent } = await agentWith(slow);
    const turn = agent.complete('Talk.');
    await nextEvent(agent, 'text_chunk');
    await agent.interrupt();
    await turn;
    const [usage] = ofType(await historyOf(agent), 'token_usage');
    assert.ok(usage?.estimated);
    assert.ok((usage.cost ?? 0) > 0);
    await agent[Symbol.asyncDispose]();
  });

  it('counts thinking and half a call that were stopped, too', async () => {
    for (const kind of ['reasoning', 'tool_call_delta'] as const) {
      const model = vendorModel(() => ({}), window200k);
      const endless = {
        ...model,
        async *stream(_request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk> {
          if (kind === 'tool_call_delta') yield { type: 'tool_call_start', id: 'one', name: 'fs_write' };
          for (let pieces = 0; !signal.aborted; pieces++) {
            yield kind === 'reasoning'
              ? { type: kind, delta: 'word '.repeat(10) }
              : { type: kind, id: 'one', delta: 'x'.repeat(50) };
            if (pieces === 100) started();
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        },
      };
      let started = (): void => undefined;
      const begun = new Promise<void>((resolve) => (started = resolve));
      const { agent } = await agentWith(endless);
      const turn = agent.complete('Think.');
      await begun;
      await agent.interrupt();
      await turn;
      const [usage] = ofType(await historyOf(agent), 'token_usage');
      assert.ok((usage?.outputTokens ?? 0) > 1_000, `${kind}: ${usage?.outputTokens} tokens`);
      await agent[Symbol.asyncDispose]();
    }
  });

  it('counts nothing for a request that was refused', async () => {
    const model = vendorModel(() => ({ error: new AuthenticationError('bad key') }), window200k);
    const { agent } = await agentWith(model);
    await agent.complete('Hello.');
    assert.deepEqual(agent.spending, []);
    await agent[Symbol.asyncDispose]();
  });

  it('counts what summing up a conversation takes', async () => {
    const model = vendorModel(
      (request) => (isSummaryRequest(request) ? { text: 'A record.' } : { text: 'x'.repeat(60_000) }),
      { ...window200k, windowTokens: 64_000 },
    );
    const { agent } = await agentWith(model);
    await agent.complete('Say a lot.');
    await agent.complete('Say more.');
    await agent.compact();
    const used = ofType(await historyOf(agent), 'token_usage');
    assert.ok(used.some(({ purpose, cost }) => purpose === 'compaction' && (cost ?? 0) > 0));
    assert.equal(agent.spending[0]?.calls, used.length);
    await agent[Symbol.asyncDispose]();
  });

  it('ends the turn when the budget does not pay for the summary either', async () => {
    const model = vendorModel(() => ({ text: 'x'.repeat(20_000) }), {
      ...window200k,
      windowTokens: 16_000,
      maxOutputTokens: 2_000,
    });
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.09 } } });
    await agent.complete('Say a lot.');
    const { error } = await agent.complete('Say more.');
    assert.equal(error?.code, 'budget');
    assert.equal(model.requests.filter(isSummaryRequest).length, 0);
    await agent[Symbol.asyncDispose]();
  });

  it('holds the summary of a conversation to what the budget pays for', async () => {
    const model = vendorModel((request) => (isSummaryRequest(request) ? { text: 'A record.' } : { text: 'Yes.' }), {
      ...window200k,
      windowTokens: 64_000,
    });
    const budgets: { session?: Budget } = {};
    const { agent } = await agentWith(model, {}, { spending: sharedSpending(budgets) });
    for (const word of ['one', 'two', 'three']) await agent.complete(`${word} `.repeat(6_000));
    const { cost } = totalSpending(agent.spending).usage;
    budgets.session = { usd: cost + 0.06 };
    await agent.compact();
    const summary = model.requests.find(isSummaryRequest);
    assert.ok(summary?.maxOutputTokens !== undefined && summary.maxOutputTokens < 0.06 / (15 / 1_000_000));
    await agent[Symbol.asyncDispose]();
  });

  it('refuses a budget that makes no sense', async () => {
    await assert.rejects(
      agentWith(vendorModel(reading, window200k), { limits: { budget: { usd: -1 } } }),
      /budget's usd is -1/,
    );
  });
});
