import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest, ModelProvider } from '../../src/core/model/provider';
import { ContextLengthError } from '../../src/core/model/errors';
import { textOf } from '../../src/core/protocol/messages';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { isSummaryRequest, vendorModel } from '../support/vendorModel';
import { addSpending, totalSpending } from '../../src/core/protocol/usage';
import { ContextMeter } from '../../src/core/context/contextMeter';
import { MemorySpending } from '../../src/core/model/memorySpending';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView } from '../../src/core/protocol/view';

const line = 'export const value = compute(input, options); // what this line does\n';
const w32 = { windowTokens: 32_000, maxOutputTokens: 4_000 };
const comp = (ev: readonly any[]) => ev.filter((e) => e.type === 'context_compression');

describe('zz', function () {
  this.timeout(60000);
  let ws: Workspace;
  before(async () => {
    const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`file${i}.ts`, line.repeat(40)]));
    ws = await workspaceWith({ ...files, 'big.ts': line.repeat(700), 'huge.ts': line.repeat(3600) });
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

  it('A: tokensAfter of an asked compaction', async () => {
    const model = vendorModel(reader(12), w32);
    const { agent } = await agentWith(model);
    await agent.complete('Read the files.');
    await agent.compact();
    const events = await historyOf(agent);
    const e: any = comp(events).find((x) => x.phase === 'end');
    const last: any = events.findLast((x: any) => x.type === 'context_usage');
    const n = model.requests.length;
    await agent.complete('x');
    const usage: any = (await historyOf(agent)).filter((x: any) => x.type === 'token_usage' && x.purpose === 'answer').map((x: any) => x.inputTokens);
    console.log('A before', e.tokensBefore, 'after', e.tokensAfter, 'shown', last.tokens, 'real inputs', usage.slice(-15), n);
    await agent[Symbol.asyncDispose]();
  });

  it('A2: automatic compactions', async () => {
    const model = vendorModel(reader(40), w32);
    const { agent } = await agentWith(model);
    await agent.complete('Read the files.');
    for (const e of comp(await historyOf(agent))) if (e.phase === 'end') console.log('A2', e.reason, e.tokensBefore, e.tokensAfter);
    await agent[Symbol.asyncDispose]();
  });

  it('B: stop after compact() was asked in the turn', async () => {
    const model = vendorModel(reader(14), w32);
    const slow: ModelProvider = { ...model, async *stream(r, s) { if (!isSummaryRequest(r)) await new Promise((res) => setTimeout(res, 60)); yield* model.stream(r, s); } };
    const { agent } = await agentWith(slow);
    void agent.complete('Read the files.');
    for (let i = 0; i < 8; i++) await nextEvent(agent, 'step_complete');
    const asked = agent.compact();
    await agent.interrupt();
    const before = model.requests.filter(isSummaryRequest).length;
    console.log('B after interrupt: state', agent.status().state, 'isIdle', agent.isIdle);
    console.log('B outcome', await asked, 'summary requests before/after', before, model.requests.filter(isSummaryRequest).length);
    await agent[Symbol.asyncDispose]();
  });

  it('C: text before a context_length error', async () => {
    let n = 0;
    const base = vendorModel(reader(6), w32);
    const model: ModelProvider = { ...base, async *stream(r, s) {
      if (!isSummaryRequest(r) && r.messages.some((m) => textOf(m) === 'Second') && n++ === 0) {
        yield { type: 'text', delta: 'Half an answer' };
        throw new ContextLengthError('too long in the middle');
      }
      yield* base.stream(r, s);
    } };
    const { agent } = await agentWith(model);
    await agent.complete('First');
    const t = agent.complete('Second');
    let view = emptySessionView(agent.agentId);
    await t;
    const evs = await historyOf(agent);
    let seq = 0; let shownOpen = false;
    for (const event of evs) { seq++; view = reduce(view, { cursor: seq, bookmark: { seq, timestamp: 0 }, event } as any);
      if (event.type === 'context_compression') console.log('C at', event.phase, JSON.stringify(view.items.filter((i: any) => i.kind === 'answer').slice(-1))); }
    const half = view.items.filter((i: any) => i.kind === 'answer' && i.text.includes('Half'));
    console.log('C half items', JSON.stringify(half));
    await agent[Symbol.asyncDispose]();
  });
});
