import { Agent } from '../../src/core/agent/agent';
import { AgentPool } from '../../src/core/agent/agentPool';
import { dependenciesFor, nextEvent, workspaceWith } from '../support/agents';
import { isSummaryRequest, vendorModel } from '../support/vendorModel';
describe('zz shutdown', () => {
  it('D: gracefulShutdown while a compaction between turns runs', async () => {
    const ws = await workspaceWith({});
    const base = vendorModel((r) => ({ text: 'x'.repeat(20000) }), { windowTokens: 32000, maxOutputTokens: 4000 });
    const model = { ...base, async *stream(r: any, s: any) { if (isSummaryRequest(r)) await new Promise((res) => setTimeout(res, 500)); yield* base.stream(r, s); } };
    const pool = new AgentPool({ dependencies: { ...dependenciesFor({ script: [], workspace: ws }), modelFactory: () => model as any } });
    const agent = await pool.create('agt-1', { templateId: 'test' });
    await agent.complete('a'); await agent.complete('b');
    const begun = nextEvent(agent, 'context_compression');
    void agent.compact().then((o) => console.log('compact', o), (e) => console.log('compact err', e.message));
    await begun;
    console.log('shutting down'); const t = Date.now();
    setInterval(() => console.log('tick'), 100).unref();
    const r = await pool.gracefulShutdown({ timeoutMs: 1000 } as any);
    console.log('shut down', r, Date.now() - t);
  });
});
