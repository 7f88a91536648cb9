import { strict as assert } from 'node:assert';
import type { AgentDependencies } from '../../src/core/agent/config';
import { AgentPool } from '../../src/core/agent/agentPool';
import { dependenciesFor, workspaceWith, type Workspace } from '../support/agents';

describe('the agent pool', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(() => workspace.remove());

  const pool = (maxAgents?: number): AgentPool =>
    new AgentPool({
      dependencies: dependenciesFor({ script: [{ text: 'Hello.' }], workspace }),
      ...(maxAgents !== undefined && { maxAgents }),
    });

  it('gives one agent to two calls for one id at the same time', async () => {
    await using agents = pool();
    const [one, two] = await Promise.all([
      agents.create('a', { templateId: 'test' }),
      agents.create('a', { templateId: 'test' }),
    ]);
    assert.equal(one, two);
    assert.equal(agents.size(), 1);
    assert.equal(agents.get('a'), one);
    assert.deepEqual(agents.list({ prefix: 'a' }), ['a']);
  });

  it('refuses a second agent of an id, and one more than it may hold, by name', async () => {
    await using agents = pool(1);
    await agents.create('a', { templateId: 'test' });
    await assert.rejects(agents.create('a', { templateId: 'test' }), { code: 'exists' });
    await assert.rejects(agents.create('b', { templateId: 'test' }), { code: 'pool_full' });
  });

  it('lets an agent go and keeps its data; destroy erases it', async () => {
    await using agents = pool();
    await agents.create('a', { templateId: 'test' });
    assert.equal(await agents.delete('a'), true);
    assert.equal(agents.get('a'), undefined);
    await assert.rejects(agents.create('a', { templateId: 'test' }), { code: 'exists' });
    await agents.destroy('a');
    await agents.create('a', { templateId: 'test' });
  });

  it('refuses ids that could leave a folder', async () => {
    await using agents = pool();
    for (const id of ['', '.', '..', '../x', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(201)])
      await assert.rejects(agents.create(id, { templateId: 'test' }), { code: 'invalid_id' }, JSON.stringify(id));
  });

  it('names what is missing', () => {
    const { store: _store, ...rest } = dependenciesFor({ script: [], workspace });
    assert.throws(() => new AgentPool({ dependencies: rest as AgentDependencies }), {
      code: 'missing_dependency',
      message: /store/,
    });
  });
});
