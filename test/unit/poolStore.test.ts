import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { AgentPool, type AgentPoolOptions } from '../../src/core/agent/agentPool';
import type { AgentDependencies } from '../../src/core/agent/config';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import { dependenciesFor, workspaceWith, type Workspace } from '../support/agents';

describe('the agent pool over its store', () => {
  let workspace: Workspace;
  let deps: AgentDependencies;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
    deps = dependenciesFor({ workspace, script: [{ text: 'Hello.' }] });
  });
  afterEach(() => workspace.remove());

  const pool = (opts: Partial<AgentPoolOptions> = {}): AgentPool => new AgentPool({ dependencies: deps, ...opts });
  const saying = (...script: readonly ScriptedTurn[]) => ({ templateId: 'test', model: scriptedModel(script) });

  it('hibernates and comes back: delete keeps, resume and resumeOrCreate give the agent again', async () => {
    await using agents = pool();
    const agent = await agents.create('a', saying({ text: '1' }));
    await agent.complete('one');
    await Promise.all([
      agents.delete('a'),
      agents.resume('a').then((back) => assert.equal(back.info().messageCount, 2)),
    ]);
    assert.equal(await agents.delete('a'), true);
    assert.equal((await agents.resumeOrCreate('a', saying())).info().messageCount, 2);
    await assert.rejects(agents.resume('nobody'), { code: 'not_found' });
  });

  it('gives one agent to everybody who resumes it at the same time', async () => {
    await using agents = pool();
    await agents.create('a', saying());
    await agents.delete('a');
    const [one, two] = await Promise.all([agents.resume('a'), agents.resumeOrCreate('a', saying())]);
    assert.equal(one, two);
    assert.equal(await agents.resume('a'), one);
  });

  it('lets the least recently used idle agent go when it is full and told to', async () => {
    let now = 1_000;
    deps = { ...deps, now: () => now };
    await using agents = pool({ maxAgents: 2, scheduler: 'lru' });
    await agents.create('a', saying({ text: '1' }));
    now += 10;
    await agents.create('b', saying());
    now += 10;
    await agents.get('a')?.complete('one');
    now += 10;
    await agents.create('c', saying());
    assert.deepEqual(agents.list(), ['a', 'c']);
    assert.equal((await agents.resume('b')).agentId, 'b');
  });

  it('puts a fork into the pool', async () => {
    await using agents = pool();
    const agent = await agents.create('a', saying({ text: '1' }));
    await agent.complete('one');
    const fork = await agents.fork('a');
    assert.equal(agents.get(fork.agentId), fork);
    await assert.rejects(agents.fork('nobody'), { code: 'not_found' });
  });

  it('shuts down in order: what finishes in time is done, the rest is stopped and noted', async () => {
    const agents = pool();
    const quick = await agents.create('quick', saying({ text: 'Done.' }));
    const slow = await agents.create('slow', saying({ calls: [{ name: 'bash_run', input: { cmd: 'sleep 30' } }] }));
    await Promise.all([quick.send('Go.'), slow.send('Go.')]);
    const result = await agents.gracefulShutdown({ timeout: 300 });
    assert.deepEqual([result.completed, result.interrupted, result.failed], [['quick'], ['slow'], []]);
    assert.equal(agents.size(), 0);
    await using again = pool();
    const resumed = await again.resumeFromShutdown(() => saying({ text: 'Back.' }));
    assert.deepEqual(
      resumed.map((agent) => agent.agentId),
      ['slow'],
    );
    assert.equal((await resumed[0]?.complete('Go on.'))?.text, 'Back.');
    assert.deepEqual(await pool().resumeFromShutdown(), []);
  });

  it('goes on after a restart with what it left in the middle', async () => {
    const agents = pool();
    const cmd = `echo x >> ${workspace.file('ran.txt')}; sleep 30`;
    const slow = await agents.create('slow', saying({ calls: [{ name: 'bash_run', input: { cmd } }] }));
    await slow.send('Go.');
    while (!existsSync(workspace.file('ran.txt'))) await new Promise((resolve) => setTimeout(resolve, 10));
    await agents.gracefulShutdown({ timeout: 1, forceInterrupt: false });
    await using again = pool();
    const [back] = await again.resumeFromShutdown(() => saying({ text: 'I looked.' }), { autoRun: true });
    assert.equal((await back?.complete())?.text, 'I looked.');
    assert.equal(readFileSync(workspace.file('ran.txt'), 'utf8'), 'x\n');
  });

  it('leaves a question open over a shutdown, to be answered after it', async () => {
    const agents = pool();
    const input = { path: 'a.txt', old_string: 'one', new_string: 'two' };
    const asking = await agents.create('asking', {
      ...saying({ calls: [{ name: 'fs_edit', input }] }),
      overrides: { permission: { mode: 'approval' } },
    });
    const { permissionIds = [] } = await asking.complete('Change it.');
    await agents.gracefulShutdown();
    await using again = pool();
    const [back] = await again.resumeFromShutdown(() => saying({ text: 'Changed.' }), { strategy: 'manual' });
    for (const id of permissionIds) await back?.decide(id, 'allow');
    assert.equal((await back?.complete(undefined, { onPause: 'wait' }))?.text, 'Changed.');
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'two\n');
  });
});
