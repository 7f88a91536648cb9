import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import { AgentPool, PoolFullError } from '../../src/core/agent/agentPool';
import type { AgentDependencies } from '../../src/core/agent/config';
import { scriptedModel } from '../../src/core/model/scripted';
import type { ModelChunk, ModelProvider } from '../../src/core/model/provider';
import type { PermissionConfig } from '../../src/core/permission/policy';
import { builtinTools } from '../../src/core/tools/tools';
import type { Bookmark, Message, Store, Timeline, ToolCallRecord } from '../../src/index';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';

/** Rows of the seeds' requirements that no other suite shows; README.md beside this file has the whole table. */
describe('the seeds ask', () => {
  let workspace: Workspace;
  let deps: AgentDependencies & ReturnType<typeof dependenciesFor>;
  let clock = 0;
  const config = { templateId: 'test' };
  const reading = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
  beforeEach(async () => {
    clock = 1_000_000;
    workspace = await workspaceWith({ 'a.txt': 'one' });
    deps = { ...dependenciesFor({ script: [{ text: 'Yes.' }], workspace }), now: () => clock };
  });
  afterEach(() => workspace.remove());

  it('K6: that get() is there at once and may be awaited, before an agent is made', async () => {
    const pool = new AgentPool({ dependencies: deps });
    const none = await Promise.resolve(pool.get('main'));
    const agent = pool.get('main') ?? (await pool.create('main', config));
    assert.deepEqual([none, pool.get('main')], [undefined, agent]);
    await pool[Symbol.asyncDispose]();
  });

  it('K16: that a first request makes the agent, the next meets it, and concurrent first ones make one', async () => {
    let pool = new AgentPool({ dependencies: deps });
    const agentOf = async (id: string): Promise<Agent> => {
      const here = pool.get(id);
      if (here) return here;
      return (await deps.store.exists(id)) ? pool.resume(id, config) : pool.create(id, config);
    };
    const [first, second] = await Promise.all([agentOf('user'), agentOf('user')]);
    assert.equal(first, second);
    assert.equal(await agentOf('user'), first);
    await first.complete('Hello?');
    await pool[Symbol.asyncDispose]();
    pool = new AgentPool({ dependencies: deps });
    assert.equal((await agentOf('user')).info().messageCount, 2);
    await pool[Symbol.asyncDispose]();
  });

  it('K29, K30: that a sweep hibernates what is idle for a minute, not what works, and it comes back', async () => {
    const pool = new AgentPool({ dependencies: deps });
    const idle = await pool.create('idle', config);
    await idle.complete('Hello?');
    const slow = scriptedModel([{ text: 'word '.repeat(5_000) }], { chunkDelayMs: 20 });
    const busy = await pool.create('busy', { ...config, model: slow });
    await busy.send('Go.');
    await nextEvent(busy, 'text_chunk');
    clock += 60_001;
    for (const id of pool.list()) {
      const agent = pool.get(id);
      if (!agent || agent.idleTime <= 60_000) continue;
      await agent.persistInfo();
      await pool.delete(id);
    }
    assert.deepEqual(pool.list(), ['busy']);
    assert.equal(busy.idleTime, 0);
    assert.equal((await pool.resume('idle', config)).info().messageCount, 2);
    await pool[Symbol.asyncDispose]();
  });

  it('K45: for the types of a store of one’s own', () => {
    const bookmark: Bookmark = { seq: 1, timestamp: 2 };
    const timeline: Pick<Timeline, 'bookmark'> = { bookmark };
    const named: readonly (keyof Store)[] = ['saveMessages', 'readEvents'];
    const lists: { readonly messages: readonly Message[]; readonly calls: readonly ToolCallRecord[] } = {
      messages: [],
      calls: [],
    };
    assert.equal(timeline.bookmark.seq + named.length + lists.messages.length + lists.calls.length, 3);
  });

  it('K61: that tool_executed says how long a tool took', async () => {
    const agent = await Agent.create({ ...config, model: scriptedModel([reading, { text: 'One.' }]) }, deps);
    const executed = nextEvent(agent, 'tool_executed');
    await agent.complete('Read it.');
    const { durationMs } = (await executed).call;
    assert.ok(durationMs !== undefined && durationMs >= 0);
    await agent[Symbol.asyncDispose]();
  });

  it('K70: that a listener of token_usage can stop at a limit of cost', async () => {
    const agent = await Agent.create({ ...config, model: spender }, deps);
    let cost = 0;
    agent.on('token_usage', async ({ inputTokens, outputTokens }) => {
      cost += (inputTokens / 1_000) * 0.003 + (outputTokens / 1_000) * 0.015;
      if (cost > 10) void agent.interrupt();
    });
    assert.equal((await agent.complete('Go.')).status, 'interrupted');
    assert.ok(cost > 10 && cost < 20, `${cost} dollars`);
    await agent[Symbol.asyncDispose]();
  });

  it('K71: that what is listed for approval asks, what is allowed runs, and the rest is denied', async () => {
    const permission: PermissionConfig = {
      mode: 'approval',
      requireApprovalTools: ['bash_run', 'fs_write'],
      allowTools: ['fs_read', 'fs_glob'],
    };
    const edit = { name: 'fs_edit', input: { path: 'a.txt', old_string: 'one', new_string: 'two' } };
    const write = { name: 'fs_write', input: { path: 'b.txt', content: 'x' } };
    const model = scriptedModel([reading, { calls: [edit] }, { calls: [write] }, { text: 'Done.' }]);
    const agent = await Agent.create({ ...config, model, overrides: { permission } }, deps);
    const { status } = await agent.complete('Go.');
    assert.equal(status, 'paused');
    assert.deepEqual(agent.openApprovals.length, 1);
    const states = (await deps.store.loadToolCallRecords(agent.agentId)).map(({ name, state }) => `${name} ${state}`);
    assert.deepEqual(states, ['fs_read COMPLETED', 'fs_edit DENIED', 'fs_write APPROVAL_REQUIRED']);
    await agent[Symbol.asyncDispose]();
  });

  it('K73: for tools by these names', () => {
    const names = builtinTools.map(({ name }) => name);
    for (const name of ['bash_run', 'fs_write', 'fs_read', 'fs_glob']) assert.ok(names.includes(name), name);
  });

  it('K76, K77: that a subscription to progress tells a turn up to its done, and complete() gives the answer', async () => {
    const agent = await Agent.create(config, deps);
    await agent.send('Hello?');
    const types: string[] = [];
    for await (const { event } of agent.subscribe(['progress'])) {
      types.push(event.type);
      if (event.type === 'done') break;
    }
    assert.deepEqual([types[0], types.at(-1)], ['user_message', 'done']);
    assert.equal((await agent.complete('Again?')).text, 'Yes.');
    await agent[Symbol.asyncDispose]();
  });

  it('K85: for 50 agents by default, and 100 where that is asked for', async () => {
    for (const [maxAgents, most] of [
      [undefined, 50],
      [100, 100],
    ] as const) {
      const pool = new AgentPool({ dependencies: deps, ...(maxAgents && { maxAgents }) });
      const ids = Array.from({ length: most }, (_, place) => `${most}-${place}`);
      await Promise.all(ids.map((id) => pool.create(id, config)));
      await assert.rejects(pool.create('one-more', config), PoolFullError);
      assert.equal(pool.size(), most);
      await pool[Symbol.asyncDispose]();
    }
  });

  it('K88: for a thousand agents of which fifty are in memory, and none that works is let go', async () => {
    const pool = new AgentPool({ dependencies: deps, scheduler: 'lru' });
    const slow = scriptedModel([{ text: 'word '.repeat(50_000) }], { chunkDelayMs: 20 });
    const busy = await pool.create('busy', { ...config, model: slow });
    await busy.send('Go.');
    await nextEvent(busy, 'text_chunk');
    for (let place = 0; place < 1_000; place++) {
      clock++;
      const agent = await pool.create(`a-${place}`, config);
      if (place % 100 === 0) await agent.complete('Hello?');
      assert.ok(pool.size() <= 50);
    }
    assert.equal(pool.get('busy'), busy);
    assert.equal((await deps.store.list('a-')).length, 1_000);
    assert.equal(pool.get('a-0'), undefined);
    assert.equal((await pool.resume('a-0', config)).info().messageCount, 2);
    assert.equal(busy.isIdle, false);
    await pool[Symbol.asyncDispose]();
  }).timeout(60_000);

  it('K89: for these events, each in its channel', async () => {
    const agent = await Agent.create({ ...config, model: spender, limits: { maxSteps: 2 } }, deps);
    await agent.complete('Go.');
    const channels = new Map((await historyOf(agent)).map(({ type, channel }) => [type, channel]));
    for (const [type, channel] of Object.entries({
      text_chunk: 'progress',
      done: 'progress',
      tool_executed: 'monitor',
      token_usage: 'monitor',
    }))
      assert.equal(channels.get(type as 'done'), channel, type);
    await agent[Symbol.asyncDispose]();
  });
});

/** It reads something else for ever, and takes a million tokens for each step. */
const spender: ModelProvider = {
  ...scriptedModel([{ text: '' }]),
  async *stream({ messages }): AsyncIterable<ModelChunk> {
    const usage = { inputTokens: 1_000_000, outputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0 };
    yield { type: 'text', delta: 'Looking.' };
    yield { type: 'tool_call', id: `call-${messages.length}`, name: 'fs_read', input: '{"path":"a.txt"}' };
    yield { type: 'usage', usage: { ...usage, totalTokens: 1_001_000 } };
    yield { type: 'finish', reason: 'tool_calls' };
  },
};
