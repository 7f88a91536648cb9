import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest, ModelProvider } from '../../src/core/model/provider';
import { ContextLengthError } from '../../src/core/model/errors';
import { textOf } from '../../src/core/protocol/messages';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { isSummaryRequest, vendorModel } from '../support/vendorModel';
import { totalSpending } from '../../src/core/protocol/usage';
import { ContextMeter } from '../../src/core/context/contextMeter';
import { MemorySpending } from '../../src/core/model/memorySpending';
import { transcriptPieces } from '../../src/core/context/transcriptText';
import { SpendingBook } from '../../src/core/agent/spendingBook';

const line = 'export const value = compute(input, options); // what this line does\n';
const comp = (ev: readonly any[]) => ev.filter((e) => e.type === 'context_compression');
const price = { input: 3, output: 15 };
const of = (ev: readonly any[], t: string) => ev.filter((e) => e.type === t);

describe('zz c', function () {
  this.timeout(60000);
  let ws: Workspace;
  before(async () => {
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`file${i}.ts`, line.repeat(40)]));
    ws = await workspaceWith({ ...files, 'big.ts': line.repeat(500), 'huge.ts': line.repeat(1990) });
  });
  after(() => ws.remove());
  const agentWith = async (model: ModelProvider, config: any = {}, more: any = {}) => {
    const deps = { ...dependenciesFor({ script: [], workspace: ws }), modelFactory: () => model, ...more };
    return { deps, agent: await Agent.create({ templateId: 'test', ...config }, deps) };
  };

  it('E: compaction under a budget: is its answer capped?', async () => {
    const model = vendorModel((r) => (isSummaryRequest(r) ? { text: 'y'.repeat(40_000) } : { text: 'x'.repeat(8_000) }),
      { windowTokens: 200_000, maxOutputTokens: 64_000, price: { input: 3, output: 15 } });
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.16 } } });
    for (let i = 0; i < 3; i++) await agent.complete('a ' + 'word '.repeat(2000));
    const cost0 = totalSpending(agent.spending).usage.cost;
    console.log('E compact', await agent.compact());
    console.log('E spent before', cost0, 'after', totalSpending(agent.spending).usage.cost, 'budget 0.16; summary request maxOutputTokens', model.requests.find(isSummaryRequest)?.maxOutputTokens);
    await agent[Symbol.asyncDispose]();
  });
  it('Q: a model whose max output is half its window: compaction', async () => {
    let step = 0;
    const model = vendorModel((r) => isSummaryRequest(r) ? { text: 'sum' } : ++step < 60 ? { text: 'r', calls: [{ name: 'fs_read', input: { path: `file${step % 7}.ts` } }] } : { text: 'end' },
      { windowTokens: 32_000, maxOutputTokens: 24_000 });
    const { agent } = await agentWith(model);
    const r = await agent.complete('go');
    const c = comp(await historyOf(agent));
    console.log('Q', r.status, (r as any).error?.code, 'ends', c.filter((e) => e.phase === 'end').length, 'failed', c.filter((e) => e.phase === 'failed').length, c.find((e) => e.phase === 'failed')?.error?.code, 'steps', step);
    await agent[Symbol.asyncDispose]();
  });
  it('F: stop in the middle of a call\'s arguments / of thinking', async () => {
    for (const kind of ['call', 'thinking'] as const) {
      const base = vendorModel(() => ({ text: 'ok' }), { windowTokens: 200_000, maxOutputTokens: 8000, price });
      const model: ModelProvider = { ...base, async *stream(_r, s) {
        if (kind === 'call') { yield { type: 'tool_call_start', id: 'c1', name: 'fs_write' }; for (let i = 0; i < 1000; i++) yield { type: 'tool_call_delta', id: 'c1', delta: 'x'.repeat(40) }; }
        else for (let i = 0; i < 1000; i++) yield { type: 'reasoning', delta: 'think hard about it x'.repeat(2) };
        await new Promise((_res, rej) => s.addEventListener('abort', () => rej(s.reason)));
      } };
      const { agent } = await agentWith(model);
      const t = agent.complete('go');
      await new Promise((r) => setTimeout(r, 150));
      await agent.interrupt(); await t;
      console.log('F', kind, JSON.stringify(of(await historyOf(agent), 'token_usage').map((u: any) => [u.inputTokens, u.outputTokens])));
      await agent[Symbol.asyncDispose]();
    }
  });
  it('G: small window, fixed part larger than the room', async () => {
    for (const windowTokens of [4096, 8192, 10_000, 12_000, 16_000]) {
      let step = 0;
      const model = vendorModel((r) => isSummaryRequest(r) ? { text: 'sum' } : ++step < 20 ? { text: 'r', calls: [{ name: 'fs_read', input: { path: `file${step % 7}.ts`, limit: 20 } }] } : { text: 'end' }, { windowTokens, maxOutputTokens: 2_000 , charactersPerToken: 3.6});
      const { agent } = await agentWith(model);
      const r = await agent.complete('go');
      const c = comp(await historyOf(agent));
      console.log('G', windowTokens, r.status, (r as any).error?.code, 'steps', step, 'compactions', c.filter((e) => e.phase === 'end').length, 'failed', c.filter((e) => e.phase === 'failed').length, 'requests', model.requests.length, 'fixed', Math.round((model.requests[0]?.system.length ?? 0) / 3.6 + JSON.stringify(model.requests[0]?.tools ?? []).length / 3.6));
      await agent[Symbol.asyncDispose]();
    }
  });
  it('P: a fresh big tool result / message is summed up before the model saw it', async () => {
    // 32k window, 35 KB file = 10k tokens
    let asked = 0, seen = 0, talk = 0;
    const model = vendorModel((r) => {
      if (isSummaryRequest(r)) return { text: 'The agent reads big.ts.' };
      if (talk++ < 8) return { text: 'r', calls: [{ name: 'fs_read', input: { path: `file${talk % 7}.ts` } }] };
      const last = JSON.stringify(r.messages.at(-1));
      if (last.length > 30_000) { seen++; return { text: 'seen' }; }
      asked++;
      return { text: 'I need big.ts.', calls: [{ name: 'fs_read', input: { path: 'big.ts' } }] };
    }, { windowTokens: 32_000, maxOutputTokens: 8_000, charactersPerToken: 3.6 });
    const { agent } = await agentWith(model, { limits: { maxSteps: 30 } });
    const r = await agent.complete('Look at big.ts.');
    console.log('P tool', r.status, (r as any).error?.code, 'asked', asked, 'seen', seen, 'compactions', comp(await historyOf(agent)).filter((e) => e.phase === 'end').length, 'requests', model.requests.length, 'largest input tokens', Math.max(...of(await historyOf(agent), 'token_usage').map((u: any) => u.inputTokens)));
    await agent[Symbol.asyncDispose]();
    let got = '';
    const m2 = vendorModel((r) => { if (isSummaryRequest(r)) return { text: 'sum' }; got = r.messages.map(textOf).join('\n'); return { text: 'x'.repeat(12000) }; }, { windowTokens: 32_000, maxOutputTokens: 8_000, charactersPerToken: 3.6 });
    const { agent: a2 } = await agentWith(m2);
    await a2.complete('Hello'); await a2.complete('Hello'); 
    await a2.complete('log line\n'.repeat(2200) + 'THE TASK: rename foo to bar\n' + 'log line\n'.repeat(2200));
    console.log('P message: the task arrives', got.includes('THE TASK'), 'request chars', got.length);
    await a2[Symbol.asyncDispose]();
  });
  it('H/I/J: budgets', async () => {
    const spending = new MemorySpending({ budgets: () => ({ day: { usd: 1 } }) });
    await spending.add({ vendor: 'v', model: 'm', usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, cost: 1.01 } });
    const { agent } = await agentWith(vendorModel(() => ({ text: 'free' }), { windowTokens: 200_000, maxOutputTokens: 8000, price: { input: 0, output: 0 } }), {}, { spending });
    const r: any = await agent.complete('hi');
    console.log('H free model over an overspent day', r.status, r.error?.message);
    await agent[Symbol.asyncDispose]();
    let now = new Date(2026, 10, 21, 12).getTime();
    const sp = new MemorySpending({ budgets: () => ({ day: { usd: 1 } }), now: () => now });
    const use = { inputTokens: 1, outputTokens: 1, totalTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, cost: 0.85 };
    await sp.add({ vendor: 'v', model: 'm', usage: use });
    const { agent: a } = await agentWith(vendorModel(() => ({ text: 'x' }), { windowTokens: 200_000, maxOutputTokens: 8000, price: { input: 0.1, output: 0.1 } }), {}, { spending: sp });
    await a.complete('1'); now += 24 * 3600e3; await sp.add({ vendor: 'v', model: 'm', usage: use }); await a.complete('2');
    console.log('I near warnings over two days (want 2):', of(await historyOf(a), 'budget_warning').length);
    await a[Symbol.asyncDispose]();
    const shared = new MemorySpending({ budgets: () => ({ day: { usd: 0.05 } }) });
    const agents = await Promise.all(Array.from({ length: 5 }, async () => (await agentWith(vendorModel(() => ({ text: 'x'.repeat(2000) }), { windowTokens: 200_000, maxOutputTokens: 8000, price }), {}, { spending: shared })).agent));
    await Promise.all(agents.map((x) => x.complete('go')));
    console.log('J five at once, day budget 0.05, spent', totalSpending(await shared.today()).usage.cost);
    await Promise.all(agents.map((x) => x[Symbol.asyncDispose]()));
  });
  it('K: cache writes cost more', async () => {
    const base = vendorModel(() => ({ text: 'ok' }), { windowTokens: 200_000, maxOutputTokens: 8000, price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 }, charactersPerToken: 3.6 });
    const model: ModelProvider = { ...base, async *stream(r, s) { for await (const c of base.stream(r, s)) yield c.type === 'usage' ? { ...c, usage: { ...c.usage, cacheReadTokens: 0, cacheWriteTokens: c.usage.inputTokens } } : c; } };
    const { agent } = await agentWith(model);
    await agent.complete('w '.repeat(40000));
    const first = totalSpending(agent.spending).usage.cost;
    await agent[Symbol.asyncDispose]();
    const { agent: a2 } = await agentWith(model, { limits: { budget: { usd: first * 2.0 } } });
    await a2.complete('w '.repeat(40000));
    const r: any = await a2.complete('again, after the cache is gone (5 min later)');
    console.log('K budget', first * 2.0, 'spent', totalSpending(a2.spending).usage.cost, r.status, 'prediction for 2nd was cached');
    const r3: any = await a2.complete('again');
    console.log('K third', r3.status, totalSpending(a2.spending).usage.cost);
    await a2[Symbol.asyncDispose]();
    const { agent: a3 } = await agentWith(model, { limits: { budget: { usd: first * 0.85 } } });
    const q: any = await a3.complete('w '.repeat(40000));
    console.log('K first request: budget', first * 0.85, 'spent', totalSpending(a3.spending).usage.cost, q.status);
    await a3[Symbol.asyncDispose]();
  });
  it('L/M: meter', async () => {
    const model: any = { vendor: 'v', model: 'm', maxWindowSize: 200_000, maxOutputTokens: 16_000 };
    const m = new ContextMeter();
    console.log('L before', m.limits(model).compactAtTokens);
    m.refused(model, { tokens: 1500, counted: 0, cachedTokens: 0, raw: 1500 });
    console.log('L after a refusal at 1500 (a pdf, say)', m.limits(model).compactAtTokens);
    // reasoning that does not go back
    const m2 = new ContextMeter();
    const msgs: any[] = [];
    let real = 5000;
    for (let i = 0; i < 20; i++) {
      msgs.push({ id: `u${i}`, role: 'user', content: [{ type: 'text', text: 'w'.repeat(7200) }], createdAt: 0 });
      real += 2000;
      const p = m2.predict({ model, system: 's'.repeat(18000), tools: [], messages: msgs });
      const usage = { inputTokens: real, outputTokens: 1500 + 36, totalTokens: real + 1536, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 1500 };
      msgs.push({ id: `a${i}`, role: 'assistant', content: [{ type: 'text', text: 'w'.repeat(130) }], createdAt: 0 });
      real += 36;
      m2.learn(model, p, usage, `a${i}` as any);
    }
    const p = m2.predict({ model, system: 's'.repeat(18000), tools: [], messages: msgs.map((x) => ({ ...x, id: x.id + 'z' })) });
    console.log('M after a compaction or rewind nothing is counted: real', real, 'predicted', p.tokens, 'raw', p.raw);
  });
  it('N: failed command output in the material', async () => {
    console.log('N', transcriptPieces([{ id: 'x' as any, role: 'user', createdAt: 0, metadata: { kind: 'tool_results' }, content: [{ type: 'tool_result', tool_use_id: 'c' as any, is_error: true, content: { ok: false, error: 'The command ended with code 1.', errorType: 'logical', retryable: false, data: { output: 'AssertionError: expected 3 got 4 at sum.test.ts:12' } } }] }], 5000));
  });
});
