import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import { scriptedModel } from '../../src/core/model/scripted';
import { JSONStore } from '../../src/node/store/jsonStore';
import { SqliteStore } from '../../src/node/store/sqliteStore';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { collect } from '../support/batches';
import { documentedStores } from '../support/documentedStores';
import { refusalOf } from '../support/refusal';

/** What other suites show already stands in README.md beside this file, fault by fault. */
describe('no known fault of the system behind the seeds', () => {
  let workspace: Workspace;
  let deps: AgentDependencies & ReturnType<typeof dependenciesFor>;
  const reading = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
  const config = { templateId: 'test', agentId: 'one' };
  const asking = {
    ...config,
    overrides: { permission: { mode: 'approval', requireApprovalTools: ['fs_read'] } },
  } as const;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one' });
    deps = dependenciesFor({ script: [reading, { text: 'It says one.' }], workspace });
  });
  afterEach(() => workspace.remove());

  it("gives 'paused' when a turn cannot go on without a decision, and the answer after it", async () => {
    const agent = await Agent.create(asking, deps);
    const paused = await agent.complete('Read it.');
    assert.equal(paused.status, 'paused');
    const [permissionId] = paused.permissionIds ?? [];
    await agent.decide(permissionId ?? assert.fail('no question'), 'allow');
    assert.deepEqual([(await agent.complete()).status, (await agent.complete()).text], ['ok', 'It says one.']);
    await agent[Symbol.asyncDispose]();
  });

  it('lets a decision take as long as it takes: no timer ends the question', async () => {
    const waiting = new Map<unknown, number>();
    const { setTimeout: realSet, clearTimeout: realClear } = globalThis;
    const set = (...args: Parameters<typeof realSet>): ReturnType<typeof realSet> => {
      const timer = realSet(...args);
      waiting.set(timer, args[1] ?? 0);
      return timer;
    };
    globalThis.setTimeout = Object.assign(set, realSet);
    globalThis.clearTimeout = (timer) => {
      waiting.delete(timer);
      realClear(timer);
    };
    try {
      const agent = await Agent.create(asking, deps);
      assert.equal((await agent.complete('Read it.')).status, 'paused');
      const long = [...waiting.values()].filter((ms) => ms >= 1_000);
      assert.deepEqual(long, []);
      await agent[Symbol.asyncDispose]();
    } finally {
      Object.assign(globalThis, { setTimeout: realSet, clearTimeout: realClear });
    }
  });

  it('has the same system prompt in every agent of a template, and leaves the template as it was', async () => {
    const template = { ...deps.templateRegistry.get('test') };
    const prompts: (string | undefined)[] = [];
    for (const agentId of ['one', 'two', 'three']) {
      const agent = await Agent.create({ ...config, agentId }, deps);
      await agent.complete('Go.');
      prompts.push(agent.info().systemPrompt);
      await agent[Symbol.asyncDispose]();
    }
    assert.equal(new Set(prompts).size, 1);
    assert.deepEqual({ ...deps.templateRegistry.get('test') }, template);
  });

  for (const { name, make } of documentedStores.filter(({ hasFiles }) => hasFiles))
    it(`has everything in ${name} when complete() resolves, and gives no seq twice after a resume`, async () => {
      const agent = await Agent.create(config, { ...deps, store: make(workspace.folder) });
      const { text } = await agent.complete('What does it say?');
      const cursor = agent.status().cursor;
      // Another process would see just this: the agent has closed nothing yet.
      const other = make(workspace.folder);
      const [last] = (await other.loadMessages('one')).slice(-1);
      assert.equal(last?.content[0]?.type === 'text' && last.content[0].text, text);
      const stored = (await collect(other.readEvents('one'))).map(({ bookmark }) => bookmark.seq);
      assert.equal(stored.at(-1), cursor);
      await agent[Symbol.asyncDispose]();
      const again = await Agent.resumeFromStore('one', { ...deps, store: other });
      await again.complete('Again.');
      const seqs = (await collect(other.readEvents('one'))).map(({ bookmark }) => bookmark.seq);
      assert.deepEqual(
        seqs,
        [...new Set(seqs)].toSorted((left, right) => left - right),
      );
      assert.deepEqual(seqs.slice(0, stored.length), stored);
      await again[Symbol.asyncDispose]();
    });

  it('delivers each event once, replayed or live, to whoever subscribes in the middle', async () => {
    const model = scriptedModel([{ text: 'word '.repeat(400) }], { chunkDelayMs: 1 });
    const agent = await Agent.create({ ...config, model }, deps);
    await agent.send('Go.');
    await nextEvent(agent, 'text_chunk');
    let text = '';
    const seqs: number[] = [];
    for await (const { event, bookmark } of agent.subscribe(['progress'], { since: { seq: 0, timestamp: 0 } })) {
      seqs.push(bookmark.seq);
      if (event.type === 'text_chunk') text += event.delta;
      if (event.type === 'done') break;
    }
    assert.equal(text, 'word '.repeat(400));
    assert.deepEqual(
      seqs,
      [...new Set(seqs)].toSorted((left, right) => left - right),
    );
    await agent[Symbol.asyncDispose]();
  });

  it('gives each of several complete() at the same time its own answer', async () => {
    const model = scriptedModel(['First', 'Second', 'Third'].map((text) => ({ text })));
    const agent = await Agent.create({ ...config, model }, deps);
    const results = await Promise.all(['a', 'b', 'c'].map((input) => agent.complete(input)));
    assert.deepEqual(
      results.map(({ text }) => text),
      ['First', 'Second', 'Third'],
    );
    await agent[Symbol.asyncDispose]();
  });

  it('keeps agents apart whose models give calls the same ids', async () => {
    const agents = await Promise.all(
      ['one', 'two'].map((agentId) =>
        Agent.create({ ...config, agentId, model: scriptedModel([reading, { text: 'Read.' }]) }, deps),
      ),
    );
    const results = await Promise.all(agents.map((agent) => agent.complete('Read it.')));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['ok', 'ok'],
    );
    for (const agentId of ['one', 'two'])
      assert.deepEqual(
        (await deps.store.queryToolCalls({ agentId })).map(({ call }) => call.state),
        ['COMPLETED'],
      );
    for (const agent of agents) await agent[Symbol.asyncDispose]();
  });

  it('leaves the call of a cut-off turn answered, exactly once', async () => {
    const store = new JSONStore(workspace.folder);
    const crashed = await Agent.create(asking, { ...deps, store });
    await crashed.complete('Read it.');
    await crashed[Symbol.asyncDispose]();
    const again = await Agent.resumeFromStore('one', { ...deps, store });
    const messages = await store.loadMessages('one');
    const uses = messages.flatMap(({ content }) => content.filter(({ type }) => type === 'tool_use'));
    const results = messages.flatMap(({ content }) => content.filter(({ type }) => type === 'tool_result'));
    assert.deepEqual([uses.length, results.length], [1, 1]);
    assert.ok((await historyOf(again)).some(({ type }) => type === 'agent_resumed'));
    await again[Symbol.asyncDispose]();
  });

  it('lets the later owner keep the lock that a stale release is given back for', async () => {
    const store = new SqliteStore(`${workspace.folder}/agents.db`);
    const release = await store.acquireAgentLock('one');
    await release();
    const next = await store.acquireAgentLock('one', 0);
    await release();
    await refusalOf('held', store.acquireAgentLock('one', 0));
    await next();
    await store.close();
  });
});
