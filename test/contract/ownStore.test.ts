import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import { AgentPool } from '../../src/core/agent/agentPool';
import type { AgentDependencies } from '../../src/core/agent/config';
import { scriptedModel } from '../../src/core/model/scripted';
import { isDelta } from '../../src/core/protocol/events';
import { AdaptedStore } from '../../src/core/store/adapted/adaptedStore';
import type { Store, Timeline } from '../../src/core/store/documentedStore';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { OwnStore, WholeOwnStore } from '../support/ownStore';
import { refusalOf } from '../support/refusal';

describe("an agent on a user's own store", () => {
  let workspace: Workspace;
  let store: OwnStore;
  let deps: AgentDependencies;
  const reading = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
  const config = { templateId: 'test', agentId: 'own' };
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one' });
    store = new OwnStore();
    deps = { ...dependenciesFor({ script: [reading, { text: 'It says one.' }], workspace }), store };
  });
  afterEach(() => workspace.remove());
  const storedEvents = async (id = 'own'): Promise<readonly Timeline[]> => {
    const found: Timeline[] = [];
    for await (const timeline of store.readEvents(id)) found.push(timeline);
    return found;
  };

  it('works, and comes back with everything that was said', async () => {
    const agent = await Agent.create(config, deps);
    assert.equal((await agent.complete('What does it say?')).text, 'It says one.');
    const before = await historyOf(agent);
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resumeFromStore('own', {
      ...deps,
      modelFactory: () => scriptedModel([{ text: 'One.' }]),
    });
    assert.deepEqual((await historyOf(again)).slice(0, before.length), before);
    assert.equal((await again.complete('Say it again.')).text, 'One.');
    assert.equal((await store.loadMessages('own')).length, 6);
    assert.deepEqual(
      (await store.loadToolCallRecords('own')).map(({ state }) => state),
      ['COMPLETED'],
    );
    await again[Symbol.asyncDispose]();
  });

  it('saves messages before tool records, and these before events', async () => {
    const agent = await Agent.create(config, deps);
    await agent.complete('What does it say?');
    const letters = store.calls.map(
      (name) => ({ saveMessages: 'm', saveToolCallRecords: 't', appendEvent: 'e' })[name] ?? '-',
    );
    assert.match(letters.join(''), /mte/);
    assert.doesNotMatch(letters.join(''), /(tm|et?m(?!t?e))/, 'no commit writes them the other way round');
    await agent[Symbol.asyncDispose]();
  });

  it('sends streamed text in batches, never piece by piece', async () => {
    const text = 'word '.repeat(2_000);
    const agent = await Agent.create({ ...config, model: scriptedModel([{ text }]) }, deps);
    await agent.complete('Go.');
    const deltas = (await storedEvents()).filter(({ event }) => isDelta(event));
    assert.ok(deltas.length < 100, `${deltas.length} deltas`);
    const sent = deltas.map(({ event }) => (event.type === 'text_chunk' ? event.delta : '')).join('');
    assert.equal(sent, text);
    await agent[Symbol.asyncDispose]();
  });

  it('depends on nothing that the store makes of `since` or of a prefix', async () => {
    const [one, two] = [await Agent.create(config, deps), await Agent.create({ ...config, agentId: 'other' }, deps)];
    await Promise.all([one.complete('Go.'), two.complete('Go.')]);
    const seqs = (await storedEvents()).map(({ bookmark }) => bookmark.seq);
    const middle = seqs[Math.floor(seqs.length / 2)] ?? 0;
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    const again = await Agent.resumeFromStore('own', deps);
    const seen: number[] = [];
    for await (const { bookmark } of again.subscribe(undefined, { since: { seq: middle, timestamp: 0 } })) {
      seen.push(bookmark.seq);
      if (bookmark.seq >= (seqs.at(-1) ?? 0)) break;
    }
    assert.deepEqual(
      seen,
      seqs.filter((seq) => seq > middle),
    );
    await again[Symbol.asyncDispose]();
  });

  it('says how durable it is', async () => {
    const agent = await Agent.create(config, deps);
    assert.equal(agent.status().durability, 'store');
    await agent[Symbol.asyncDispose]();
  });

  it('loses nothing that was acknowledged when a method fails, and names it', async () => {
    const agent = await Agent.create(config, deps);
    await agent.complete('First.');
    const before = await store.loadMessages('own');
    for (const failing of ['saveMessages', 'appendEvent', 'saveInfo']) {
      store.fails = (method) => method === failing;
      const refused = await refusalOf('io', agent.send(`Refused by ${failing}.`));
      assert.match(refused.message, new RegExp(`${failing} failed: Connection terminated`));
      assert.ok(refused.cause instanceof Error && refused.retryable);
    }
    store.fails = () => false;
    await agent.complete('Second.');
    const texts = (await store.loadMessages('own')).map(({ content: [block] }) =>
      block?.type === 'text' ? block.text : '',
    );
    assert.deepEqual(
      texts.slice(0, before.length),
      before.map(({ content: [block] }) => (block?.type === 'text' ? block.text : '')),
    );
    assert.equal(texts.includes('Second.'), true);
    assert.equal(
      texts.some((text) => text.startsWith('Refused')),
      false,
      texts.join(' | '),
    );
    const seqs = (await historyOf(agent)).length;
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resumeFromStore('own', deps);
    assert.equal((await historyOf(again)).length >= seqs, true);
    await again[Symbol.asyncDispose]();
  });

  it('is cut off like on any store: its calls are sealed, and no number is given twice', async () => {
    const crashed = await Agent.create(
      { ...config, overrides: { permission: { mode: 'approval', requireApprovalTools: ['fs_read'] } } },
      deps,
    );
    await crashed.complete('Go.');
    const seen = crashed.status().cursor;
    // Nothing closes it. Another process would see the same tables, without its leases.
    const again = await Agent.resumeFromStore('own', { ...deps, store: new AdaptedStore(store) });
    assert.ok(again.status().cursor > seen + 60_000, 'the numbers jump after an unclean end');
    assert.deepEqual(
      (await store.loadToolCallRecords('own')).map(({ state }) => state),
      ['SEALED'],
    );
    await again[Symbol.asyncDispose]();
  });

  it('is one for all who hold the same store object', async () => {
    const agent = await Agent.create(config, deps);
    await refusalOf('conflict', Agent.resumeFromStore('own', { ...deps }));
    await refusalOf('exists', Agent.create(config, { ...deps }));
    await agent[Symbol.asyncDispose]();
  });

  it('can be shut down and come back with its pool', async () => {
    const pool = new AgentPool({
      dependencies: { ...deps, modelFactory: () => scriptedModel([{ text: 'x'.repeat(4_000) }], { chunkDelayMs: 30 }) },
    });
    const agent = await pool.create('own', { templateId: 'test' });
    await agent.send('Go.');
    await nextEvent(agent, 'text_chunk');
    await pool.gracefulShutdown({ timeout: 1, forceInterrupt: false });
    const next = new AgentPool({
      dependencies: { ...deps, modelFactory: () => scriptedModel([{ text: 'Here again.' }]) },
    });
    const [back] = await next.resumeFromShutdown(undefined, { autoRun: true });
    assert.equal((await back?.complete())?.text, 'Here again.');
    assert.deepEqual(next.list(), ['own']);
    await next[Symbol.asyncDispose]();
  });

  it('is refused by name what the store cannot do', async () => {
    const agent = await Agent.create(config, deps);
    const refused = await refusalOf('not_supported', agent.snapshot('here'));
    assert.match(refused.message, /no saveSnapshot/);
    await refusalOf('not_supported', agent.setTodos([{ title: 'Try' }]));
    assert.equal((await agent.complete('Still here?')).status, 'ok');
    await agent[Symbol.asyncDispose]();
    const without: Partial<Store> = { exists: async () => false };
    const missing = await refusalOf('not_supported', Agent.create(config, { ...deps, store: without as Store }));
    assert.match(missing.message, /saveMessages, loadMessages, .*appendEvent/);
  });

  it('keeps todos and snapshots, forks and goes back where the store has all methods', async () => {
    const agent = await Agent.create(config, { ...deps, store: new WholeOwnStore() });
    await agent.complete('What does it say?');
    await agent.setTodos([{ title: 'Try' }]);
    assert.equal(await agent.snapshot('here'), 'here');
    const fork = await agent.fork('here');
    assert.equal(fork.info().messageCount, 4);
    assert.deepEqual(
      fork.getTodos().map(({ title }) => title),
      ['Try'],
    );
    await fork[Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
  });
});
