import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { scriptedModel } from '../../../src/core/model/scripted';
import { Agent } from '../../../src/node/agent';
import { AgentPool, type AgentPoolOptions } from '../../../src/node/agentPool';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { modelFromEnvironment } from '../../../src/node/models/environment';
import { SandboxFactory } from '../../../src/node/sandboxFactory';
import { workspaceWith, type Workspace } from '../../support/agents';

describe('what an embedder need not say', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  const model = scriptedModel([{ text: 'Hello.' }]);
  const template = { templateId: 'cli-assistant', model };

  it('a store is enough: templates, tools and a sandbox in the current folder are there', async () => {
    await using pool = new AgentPool({ store: new MemoryStore(), maxAgents: 1 });
    const agent = await pool.create('main', template);
    assert.equal((await agent.complete('Hi.')).text, 'Hello.');
    assert.ok(agent.tools.some(({ name }) => name === 'fs_read'));
    assert.equal(agent.sandbox.roots[0]?.path, process.cwd());
    await assert.rejects(pool.create('other', template), { code: 'pool_full' });
  });

  it('what is given beside the store counts', async () => {
    const sandboxFactory = (): LocalSandbox => new LocalSandbox({ workDir: workspace.folder });
    await using pool = new AgentPool({ store: new MemoryStore(), sandboxFactory });
    assert.equal((await pool.create('main', template)).sandbox.roots[0]?.path, workspace.folder);
  });

  it('names what is missing', () => {
    for (const options of [{}, { dependencies: { store: new MemoryStore() } }])
      assert.throws(() => new AgentPool(options as AgentPoolOptions), { code: 'missing_dependency' });
  });

  it('goes on with what the store has when it is created again after a restart, and not while it is here', async () => {
    const store = new MemoryStore();
    await using first = new AgentPool({ store });
    await (await first.create('main', template)).complete('Hi.');
    await assert.rejects(first.create('main', template), { code: 'exists' });
    await first[Symbol.asyncDispose]();
    await using second = new AgentPool({ store });
    assert.equal((await second.create('main', template)).info().messageCount, 2);
  });

  it('agents, resumed ones and forks are of the class they were asked of', async () => {
    const store = new MemoryStore();
    await using pool = new AgentPool({ store });
    const agent = await pool.create('main', template);
    await agent.complete('Hi.');
    assert.ok(agent instanceof Agent);
    assert.ok((await pool.fork('main')) instanceof Agent);
    await pool.delete('main');
    assert.ok((await pool.resume('main', { model })) instanceof Agent);
  });
});

describe('the sandbox of an agent', () => {
  let workspace: Workspace;
  let pool: AgentPool;
  const factory = new SandboxFactory();
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
    pool = new AgentPool({ store: new MemoryStore(), sandboxFactory: factory });
  });
  afterEach(async () => {
    await pool[Symbol.asyncDispose]();
    await workspace.remove();
  });
  const config = () => ({
    ...{ templateId: 'cli-assistant', model: scriptedModel([{ text: 'Hello.' }]) },
    sandbox: { kind: 'local', workDir: workspace.folder },
  });

  it('can be described, and the description is kept with the session and its forks', async () => {
    const agent = await pool.create('main', config());
    await agent.complete('Hi.');
    const fork = await pool.fork('main');
    await pool.delete('main');
    const back = await pool.resume('main', { model: config().model });
    for (const { sandbox } of [fork, back]) assert.equal(sandbox.roots[0]?.path, workspace.folder);
  });

  it('is made by whoever registered its kind', async () => {
    const own = new SandboxFactory();
    own.register('borrowed', ({ workDir }) => new LocalSandbox(workDir === undefined ? {} : { workDir }));
    assert.equal((await own.create({ kind: 'borrowed', workDir: workspace.folder })).roots[0]?.path, workspace.folder);
    await assert.rejects(own.create({ kind: 'docker' }), { code: 'unknown_sandbox', message: /docker/ });
  });

  it('is refused where its boundary is misspelt or no boundary', async () => {
    for (const wrong of [{ enforceBoundary: 'false' }, { allowPaths: '/' }, { allowPath: ['/'] }, { workDir: 7 }])
      await assert.rejects(factory.create({ kind: 'local', ...wrong } as never), { code: 'invalid_value' });
  });
});

describe('the model of the environment, for agents', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'script.json': '[{"text":"From the file."}]' });
  });
  afterEach(() => workspace.remove());

  it('plays a script', async () => {
    const model = await modelFromEnvironment({ COUNTERSIGN_MODEL: `scripted:${workspace.file('script.json')}` });
    await using pool = new AgentPool({ store: new MemoryStore() });
    const agent = await pool.create('main', { templateId: 'cli-assistant', model });
    assert.equal((await agent.complete('Hi.')).text, 'From the file.');
  });

  it('refuses a script that is none, naming the file', async () => {
    for (const text of ['', '[]', '{}', '[{}]', '[{"txet":"a"}]', '[{"calls":[{"name":1}]}]', '[{"text":1}]']) {
      writeFileSync(workspace.file('wrong.json'), text);
      const opened = modelFromEnvironment({ COUNTERSIGN_MODEL: `scripted:${workspace.file('wrong.json')}` });
      await assert.rejects(opened, { code: 'invalid_value', message: /wrong\.json/ }, text);
    }
    const nowhere = modelFromEnvironment({ COUNTERSIGN_MODEL: `scripted:${path.join(workspace.folder, 'none')}` });
    await assert.rejects(nowhere, { code: 'invalid_value', message: /ENOENT/ });
  });

  it('reopens what a session chose, with the key of its vendor only, and says which one is missing', async () => {
    const env = {
      ANTHROPIC_API_KEY: 'a',
      COUNTERSIGN_MODEL: 'ollama:qwen3',
      COUNTERSIGN_BASE_URL: 'http://127.0.0.1:1/v1',
    };
    const model = await modelFromEnvironment(env, { vendor: 'anthropic', model: 'claude-x', effort: 'low' });
    assert.deepEqual([model.vendor, model.model, model.choice?.effort], ['anthropic', 'claude-x', 'low']);
    await assert.rejects(modelFromEnvironment(env, { vendor: 'openai', model: 'm' }), { code: 'no_model' });
  });

  it('is missing by name where there is none', async () => {
    const before = { ...process.env };
    for (const name of Object.keys(process.env))
      if (/^COUNTERSIGN_|_API_KEY$/.test(name)) Reflect.deleteProperty(process.env, name);
    const store = new MemoryStore();
    try {
      await using pool = new AgentPool({ store });
      await assert.rejects(pool.create('main', { templateId: 'cli-assistant' }), { code: 'no_model' });
      assert.deepEqual(await store.list(), []);
    } finally {
      Object.assign(process.env, before);
    }
  });
});
