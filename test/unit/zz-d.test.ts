import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest, ModelProvider } from '../../src/core/model/provider';
import { ContextLengthError } from '../../src/core/model/errors';
import { StoreError } from '../../src/core/errors';
import { textOf } from '../../src/core/protocol/messages';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { isSummaryRequest, tornPairs, vendorModel } from '../support/vendorModel';
import { totalSpending } from '../../src/core/protocol/usage';
import { MemorySpending } from '../../src/core/model/memorySpending';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView } from '../../src/core/protocol/view';

const line = 'export const value = compute(input, options); // what this line does\n';
const comp = (ev: readonly any[]) => ev.filter((e) => e.type === 'context_compression');
const price = { input: 3, output: 15 };
const of = (ev: readonly any[], t: string) => ev.filter((e) => e.type === t);
const within = (p: Promise<any>, ms = 1500) => Promise.race([p, new Promise((r) => setTimeout(() => r('TIMED OUT'), ms))]);

describe('zz d', function () {
  this.timeout(60000);
  let ws: Workspace;
  before(async () => {
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`file${i}.ts`, line.repeat(40)]));
    ws = await workspaceWith({ ...files, 'big.ts': line.repeat(900) });
  });
  after(() => ws.remove());
  const agentWith = async (model: ModelProvider, config: any = {}, more: any = {}) => {
    const deps = { ...dependenciesFor({ script: [], workspace: ws }), modelFactory: () => model, ...more };
    return { deps, agent: await Agent.create({ templateId: 'test', ...config }, deps) };
  };
  const reader = (steps: number) => { let step = 0; return (r: ModelRequest) => {
    if (isSummaryRequest(r)) return { text: 'The agent reads files.' };
    if (++step % (steps + 1) === 0) return { text: 'done' };
    return { text: 'Reading on.', calls: [{ name: 'fs_read', input: { path: `file${step % 7}.ts` } }] };
  }; };

  it('P2: file of 17k tokens, window 32k', async () => {
    let asked = 0, seen = 0;
    const model = vendorModel((r) => {
      if (isSummaryRequest(r)) return { text: 'The agent reads big.ts.' };
      if (JSON.stringify(r.messages.at(-1)).length > 50_000) { seen++; return { text: 'seen' }; }
      asked++;
      return { text: 'I need big.ts.', calls: [{ name: 'fs_read', input: { path: 'big.ts' } }] };
    }, { windowTokens: 32_000, maxOutputTokens: 8_000, charactersPerToken: 3.6 });
    const { agent } = await agentWith(model, {});
    const r = await agent.complete('Look at big.ts.');
    console.log('P2', r.status, (r as any).error?.code, 'asked', asked, 'seen', seen, 'compactions', comp(await historyOf(agent)).filter((e) => e.phase === 'end').length, 'requests', model.requests.length, 'file tokens', Math.round(line.length * 900 / 3.6));
    await agent[Symbol.asyncDispose]();
  });
  it('E', async () => {
    const model = vendorModel((r) => (isSummaryRequest(r) ? { text: 'y'.repeat(60_000) } : { text: 'x'.repeat(8_000) }), { windowTokens: 64_000, maxOutputTokens: 16_000, price });
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.30 } } });
    for (let i = 0; i < 3; i++) await agent.complete('a ' + 'word '.repeat(2500));
    const cost0 = totalSpending(agent.spending).usage.cost;
    console.log('E', await agent.compact(), 'spent before', cost0, 'after', totalSpending(agent.spending).usage.cost, 'budget 0.30; cap in the request', model.requests.find(isSummaryRequest)?.maxOutputTokens);
    await agent[Symbol.asyncDispose]();
  });
  it('J', async () => {
    const shared = new MemorySpending({ budgets: () => ({ day: { usd: 0.016 } }) });
    const agents = await Promise.all(Array.from({ length: 5 }, async () => (await agentWith(vendorModel(() => ({ text: 'x'.repeat(800) }), { windowTokens: 200_000, maxOutputTokens: 8000, price }), {}, { spending: shared })).agent));
    await Promise.all(agents.map((x) => x.complete('go')));
    console.log('J five at once, day budget 0.016, spent', totalSpending(await shared.today()).usage.cost);
    await Promise.all(agents.map((x) => x[Symbol.asyncDispose]()));
  });
  it('K2', async () => {
    const base = vendorModel(() => ({ text: 'ok' }), { windowTokens: 200_000, maxOutputTokens: 8000, price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 }, charactersPerToken: 3.6 });
    const model: ModelProvider = { ...base, async *stream(r, s) { for await (const c of base.stream(r, s)) yield c.type === 'usage' ? { ...c, usage: { ...c.usage, cacheReadTokens: 0, cacheWriteTokens: c.usage.inputTokens } } : c; } };
    const { agent } = await agentWith(model, { limits: { budget: { usd: 0.18 } } });
    await agent.complete('w '.repeat(40000));
    const r: any = await agent.complete('again, after the cache is gone');
    console.log('K2 budget 0.18 spent', totalSpending(agent.spending).usage.cost, r.status);
    await agent[Symbol.asyncDispose]();
  });
  it('L2: a picture that the server refuses with 413', async () => {
    let steps = 0;
    const base = vendorModel((r) => isSummaryRequest(r) ? { text: 'sum' } : ++steps % 11 ? { text: 'r', calls: [{ name: 'fs_read', input: { path: 'file1.ts' } }] } : { text: 'done' }, { windowTokens: 200_000, maxOutputTokens: 8000 });
    const model: ModelProvider = { ...base, async *stream(r, s) {
      if (r.messages.some((m) => m.content.some((b) => b.type === 'image'))) throw new ContextLengthError('413 request entity too large');
      yield* base.stream(r, s);
    } };
    const { agent } = await agentWith(model);
    await agent.complete('hello');
    const id = await agent.send([{ type: 'text', text: 'see' }, { type: 'image', mimeType: 'image/png', base64: 'AAAA' }]);
    const r: any = await agent.complete();
    console.log('L2', r.status, r.error?.code);
    await agent.rewind(id as any);
    const n = base.requests.length, c0 = comp(await historyOf(agent)).length;
    await agent.complete('Read on.');
    const ev = (await historyOf(agent));
    console.log('L2 after rewind: compaction events', comp(ev).length - c0, 'requests', base.requests.length - n, 'window now', JSON.stringify(of(ev, 'context_usage').at(-1)));
    await agent[Symbol.asyncDispose]();
  });
  it('O: one commit fails in the middle of a compaction', async () => {
    const model = vendorModel(reader(9), { windowTokens: 32_000, maxOutputTokens: 4000 });
    const { agent, deps } = await agentWith(model);
    await agent.complete('go');
    const log = (agent as any); 
    void log;
    console.log('O', 'see code');
    await agent[Symbol.asyncDispose](); void deps; void StoreError;
  });
  it('R: compact() while a question is open, then decide; twice; and after manual resume', async () => {
    const model = vendorModel((r) => isSummaryRequest(r) ? { text: 'sum' } : r.messages.at(-1)!.content.some((b) => b.type === 'tool_result') || textOf(r.messages.at(-1)!) !== 'write' ? { text: 'x'.repeat(9000) } : { calls: [{ name: 'fs_write', input: { path: 'n.txt', content: 'x' } }] }, { windowTokens: 32_000, maxOutputTokens: 4000 });
    const { agent, deps } = await agentWith(model, { overrides: { permission: { mode: 'approval' } } });
    for (let i = 0; i < 4; i++) await agent.complete('fill ' + i);
    const p: any = await agent.complete('write');
    console.log('R', p.status, p.permissionIds?.length);
    const one = agent.compact(), two = agent.compact();
    console.log('R same', await within(one, 200));
    await agent[Symbol.asyncDispose]();
    console.log('R after close', await within(one.catch((e: any) => 'rejected ' + e.code + ' ' + e.message), 500), await within(two.catch((e: any) => 'rejected'), 500));
    const again = await Agent.resume(agent.agentId, { overrides: { permission: { mode: 'approval' } } } as any, deps, { strategy: 'manual' });
    const asked = again.compact();
    console.log('R manual', again.status().state, await within(asked, 200));
    const t = again.complete('new message');
    console.log('R after new message', await within(asked), (await t).status, again.status().state);
    for (const r of model.requests) { const torn = tornPairs(r.messages); if (torn.length) console.log('TORN', torn); }
    await again[Symbol.asyncDispose]();
  });
  it('S: what a stored view shows after close in a compaction in retry; store view', async () => {
    const base = vendorModel(reader(6), { windowTokens: 32_000, maxOutputTokens: 4000 });
    const { ServiceUnavailableError } = await import('../../src/core/model/errors');
    const model: ModelProvider = { ...base, async *stream(r, s) { if (isSummaryRequest(r)) throw new ServiceUnavailableError('down'); yield* base.stream(r, s); } };
    const { agent, deps } = await agentWith(model, {}, { retry: { baseDelayMs: 5000, maxDelayMs: 5000, maxRetries: 5 } });
    await agent.complete('go');
    const asked = agent.compact().catch((e: any) => e.code);
    await nextEvent(agent, 'model_retry');
    await agent[Symbol.asyncDispose]();
    console.log('S', await asked);
    const reading = await deps.store.read(agent.agentId);
    let view = emptySessionView(agent.agentId);
    for await (const e of reading.readEvents()) view = reduce(view, e);
    console.log('S stored view', view.state, JSON.stringify(view.items.at(-1)), JSON.stringify(view.retry), 'turn', (await (reading as any).load?.())?.turn);
    const { shownView } = await import('../../src/extension/sessions/sessionState');
    const shown: any = shownView({ hold: { kind: 'read', follower: { holder: undefined } }, view, title: undefined } as any);
    console.log('S shown', shown.state, shown.items.at(-1).state, JSON.stringify(shown.retry));
    await reading.close();
  });
  it('T: chinese', async () => {
    const zh = '请把这个函数重命名并且修改所有调用它的地方同时保持测试通过。';
    let n = 0;
    const model = vendorModel((r) => isSummaryRequest(r) ? { text: zh.repeat(400) } : ++n % 3 ? { text: 'r', calls: [{ name: 'fs_read', input: { path: `file${n % 7}.ts` } }] } : { text: zh.repeat(10) }, { windowTokens: 32_000, maxOutputTokens: 8000, charactersPerToken: 1.2 });
    const { agent } = await agentWith(model);
    for (let i = 0; i < 25; i++) { const r: any = await agent.complete(zh.repeat(30) + i); if (r.status !== 'ok') console.log('T', i, r.error?.code); }
    const ends = comp(await historyOf(agent)).filter((e) => e.phase === 'end');
    console.log('T answers', model.requests.filter((r) => !isSummaryRequest(r)).length, 'compactions', ends.length, 'failed', comp(await historyOf(agent)).filter((e) => e.phase === 'failed').length);
    await agent[Symbol.asyncDispose]();
  });
  it('U: 5,000 messages: time per step', async () => {
    let n = 0;
    const model = vendorModel(() => ++n % 2501 ? { text: 'r', calls: [{ name: 'todo_read', input: {} }] } : { text: 'end' }, { windowTokens: 10_000_000, maxOutputTokens: 8000 });
    const est: any = { ...model, capabilities: { ...model.capabilities, usage: 'estimated' } };
    est.stream = async function* () { const more = ++n % 2501; if (more) yield { type: 'tool_call', id: 'c' + n, name: 'todo_read', input: '{}' }; else yield { type: 'text', delta: 'end' }; yield { type: 'finish', reason: more ? 'tool_calls' : 'stop' }; };
    const { agent } = await agentWith(est, { limits: { maxSteps: 3000 } });
    const times: number[] = []; agent.on('step_complete', (e: any) => { times.push(e.durationMs); });
    let last = performance.now(); const d: number[] = [];
    agent.on('step_complete', () => { d.push(performance.now() - last); last = performance.now(); });
    await agent.complete('go');
    const avg = (a: number[]) => a.reduce((x, y) => x + y, 0) / a.length;
    console.log('U ms per step, first 200:', avg(d.slice(10, 210)).toFixed(2), 'last 200:', avg(d.slice(-200)).toFixed(2), d.length);
    await agent[Symbol.asyncDispose]();
  });
});
