import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../src/core/agent/agent';
import { AgentPool } from '../../src/core/agent/agentPool';
import type { AgentConfig, AgentDependencies } from '../../src/core/agent/config';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel, type ScriptedAnswer, type ScriptedOptions } from '../../src/core/model/scripted';
import type { AgentId } from '../../src/core/protocol/ids';
import { textOf } from '../../src/core/protocol/messages';
import { dependenciesFor, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { FailingStore } from '../support/failingStore';
import { brokenPairs } from '../support/pairs';

const id = 'a' as AgentId;
const read = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
const long = { text: 'word '.repeat(400) };

describe('an agent whose session cannot be written for a while', () => {
  let workspace: Workspace;
  let store: FailingStore;
  let deps: AgentDependencies;
  let requests: ModelRequest[];
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
    store = new FailingStore();
    deps = { ...dependenciesFor({ workspace, script: [] }), store };
    requests = [];
  });
  afterEach(() => workspace.remove());

  const modelSaying = (answers: readonly ScriptedAnswer[], options: ScriptedOptions = {}) =>
    scriptedModel(
      answers.map((answer) => (request: ModelRequest) => {
        requests.push(request);
        return answer;
      }),
      options,
    );
  const make = (answers: readonly ScriptedAnswer[], more: Partial<AgentConfig> = {}): Promise<Agent> =>
    Agent.create({ agentId: 'a', templateId: 'test', model: modelSaying(answers), ...more }, deps);
  const slow = (...answers: readonly ScriptedAnswer[]) => ({ model: modelSaying(answers, { chunkDelayMs: 2 }) });
  const asked = (): readonly string[] => requests.at(-1)?.messages.map(textOf) ?? [];

  it('keeps an accepted message in line when it could not be started, and says that the store fails', async () => {
    const agent = await make([], slow({ text: 'word '.repeat(60) }, { text: '2' }, { text: '3' }));
    const first = agent.complete('one').catch(() => undefined);
    await nextEvent(agent, 'text_chunk');
    await agent.send('two');
    const told = nextEvent(agent, 'storage_failure');
    store.fails = (batch) => (batch.messages ?? []).some((message) => textOf(message) === 'two');
    await first;
    assert.equal((await told).error.code, 'disk_full');
    store.fails = () => false;
    assert.equal((await agent.complete('three')).text, '3');
    assert.deepEqual(
      asked().filter((text) => text === 'two' || text === 'three'),
      ['two', 'three'],
    );
    await agent[Symbol.asyncDispose]();
  });

  it('answers every call when its results could not be stored, in this process and after a restart', async () => {
    const agent = await make([read, { text: 'ok' }]);
    store.fails = (batch) => (batch.messages ?? []).some((message) => message.metadata?.['kind'] === 'tool_results');
    assert.equal((await agent.complete('one').catch(() => ({ status: 'rejected' }))).status, 'rejected');
    store.fails = () => false;
    await agent.complete('two');
    assert.deepEqual(brokenPairs(requests.at(-1)?.messages ?? []), []);
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resume('a', { model: modelSaying([{ text: 'x' }]) }, deps);
    await again.complete('three');
    assert.deepEqual(brokenPairs(requests.at(-1)?.messages ?? []), []);
    await again[Symbol.asyncDispose]();
  });

  it('repairs a history that was left with unanswered calls', async () => {
    const agent = await make([read, { text: 'ok' }]);
    store.fails = (batch) => (batch.messages ?? []).some((message) => message.metadata?.['kind'] === 'tool_results');
    await agent.complete('one').catch(() => undefined);
    await agent[Symbol.asyncDispose]();
    store.fails = () => false;
    const again = await Agent.resume('a', { model: modelSaying([{ text: 'x' }]) }, deps);
    await again.complete('two');
    assert.deepEqual(brokenPairs(requests.at(-1)?.messages ?? []), []);
    await again[Symbol.asyncDispose]();
  });

  it('seals a reopened question whose answer could not be stored', async () => {
    const overrides = { permission: { mode: 'approval' as const } };
    const write = { calls: [{ name: 'fs_write', input: { path: 'n.txt', content: 'x' } }] };
    const agent = await make([write], { overrides });
    const { permissionIds = [] } = await agent.complete('one');
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resume('a', { model: modelSaying([{ text: 'x' }]) }, deps, { strategy: 'manual' });
    store.fails = (batch) => batch.envelopes.some(({ event }) => event.type === 'permission_decided');
    await again.decide(permissionIds[0] ?? assert.fail(), 'allow');
    await again.complete().catch(() => undefined);
    store.fails = () => false;
    await again.complete('two');
    assert.deepEqual(brokenPairs(requests.at(-1)?.messages ?? []), []);
    await again[Symbol.asyncDispose]();
  });

  it('stores no message that it refused, whatever was sent beside it', async () => {
    const agent = await make([], slow(long));
    void agent.complete('one').catch(() => undefined);
    await nextEvent(agent, 'text_chunk');
    let refused = 0;
    store.fails = (batch) => batch.envelopes.some(({ event }) => event.type === 'message_queued') && refused++ === 0;
    const sent = await Promise.allSettled([agent.send('two'), agent.send('three')]);
    assert.deepEqual(
      sent.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    await agent[Symbol.asyncDispose]();
    assert.deepEqual((await (await store.read(id)).load()).queued.map(textOf), ['three']);
  });

  it('can be let go on a full disk: the promise may be dropped, and others come in', async () => {
    const pool = new AgentPool({ dependencies: deps });
    const agent = await pool.create('a', { templateId: 'test', ...slow(long) });
    const turn = agent.complete('one').catch(() => undefined);
    await nextEvent(agent, 'text_chunk');
    store.fails = () => true;
    await turn;
    const unhandled: unknown[] = [];
    const watch = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', watch);
    void pool.delete('a');
    await sleep(20);
    process.off('unhandledRejection', watch);
    assert.deepEqual(unhandled, []);
    store.fails = () => false;
    assert.equal((await pool.resume('a', slow({ text: 'x' }))).agentId, 'a');
    await pool[Symbol.asyncDispose]();
  });

  it('gives its lease back when its sandbox cannot be closed', async () => {
    const agent = await make([{ text: '1' }]);
    agent.sandbox.dispose = () => Promise.reject(new Error('the sandbox is stuck'));
    await assert.rejects(agent[Symbol.asyncDispose](), /stuck/);
    assert.equal(await store.holder(id), undefined);
  });
});

describe('an agent that is asked for several things at once', () => {
  let workspace: Workspace;
  let store: FailingStore;
  let deps: AgentDependencies;
  beforeEach(async () => {
    workspace = await workspaceWith();
    store = new FailingStore();
    deps = { ...dependenciesFor({ workspace, script: [] }), store };
  });
  afterEach(() => workspace.remove());
  const make = (texts: readonly string[], options: ScriptedOptions = {}): Promise<Agent> =>
    Agent.create(
      {
        agentId: 'a',
        templateId: 'test',
        model: scriptedModel(
          texts.map((text) => ({ text })),
          options,
        ),
      },
      deps,
    );

  it('loses no message that is sent while it goes back', async () => {
    const agent = await make(['1', '2', '3']);
    await agent.complete('one');
    const second = await agent.send('two');
    await agent.complete();
    const [, third] = await Promise.all([agent.rewind(second).catch(() => undefined), agent.complete('three')]);
    assert.equal(third.status, 'ok');
    const stored = (await (await store.read(id)).readMessages()).map(textOf);
    assert.ok(stored.includes('three'), stored.join());
    await agent[Symbol.asyncDispose]();
  });

  it('takes a name and a pin at the same time, and keeps both', async () => {
    const agent = await make(['1']);
    await Promise.all([agent.setTitle('name'), agent.setPinned(true), agent.complete('one')]);
    const { title, pinned, systemPrompt } = agent.info();
    assert.deepEqual([title, pinned, systemPrompt !== undefined], ['name', true, true]);
    await agent[Symbol.asyncDispose]();
  });

  it('ends the stream of a message that was dropped from the line', async () => {
    const agent = await make(['word '.repeat(400)], { chunkDelayMs: 2 });
    void agent.complete('one');
    await nextEvent(agent, 'text_chunk');
    const streamed = (async () => {
      const types: string[] = [];
      for await (const { event } of agent.stream('two')) types.push(event.type);
      return types;
    })();
    await nextEvent(agent, 'message_queued');
    await agent.interrupt();
    assert.deepEqual(await streamed, []);
    await agent[Symbol.asyncDispose]();
  });

  it('keeps what waits in line over a shutdown in order', async () => {
    const pool = new AgentPool({ dependencies: deps });
    const model = scriptedModel([{ text: 'word '.repeat(400) }], { chunkDelayMs: 2 });
    const agent = await pool.create('a', { templateId: 'test', model });
    void agent.complete('one');
    await nextEvent(agent, 'text_chunk');
    await agent.send('two');
    await pool.gracefulShutdown({ timeout: 30 });
    assert.deepEqual((await (await store.read(id)).load()).queued.map(textOf), ['two']);
  });

  it('does not fork from a snapshot of a conversation that it has left', async () => {
    const agent = await make(['1', '2', '3', '4']);
    await agent.complete('one');
    const second = await agent.send('two');
    await agent.complete();
    await agent.snapshot('before');
    await agent.rewind(second);
    await agent.complete('other');
    await assert.rejects(agent.fork('before'), { code: 'invalid_value', message: /gone back/ });
    await agent[Symbol.asyncDispose]();
  });

  it('comes back with the permissions that it was given last', async () => {
    const agent = await make(['1']);
    await agent.setPermission({ mode: 'readonly' });
    await agent[Symbol.asyncDispose]();
    const again = await Agent.resume('a', { model: scriptedModel([{ text: 'x' }]) }, deps);
    assert.equal(again.permission.mode, 'readonly');
    await again[Symbol.asyncDispose]();
  });
});
