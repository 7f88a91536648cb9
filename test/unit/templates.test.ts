import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import { AgentTemplateRegistry } from '../../src/core/agent/template';
import { builtinTemplates } from '../../src/core/templates/builtinTemplates';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

describe('the built-in templates', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'a\n' });
  });
  afterEach(() => workspace.remove());

  const agentOf = (templateId: string, tool: string, input: Readonly<Record<string, string>>): Promise<Agent> => {
    const templateRegistry = new AgentTemplateRegistry();
    templateRegistry.bulkRegister(builtinTemplates);
    const script = [{ calls: [{ name: tool, input }] }, { text: 'done' }];
    return Agent.create({ templateId }, { ...dependenciesFor({ script, workspace }), templateRegistry });
  };
  const writing = ['fs_write', { path: 'b.txt', content: 'b' }] as const;

  it('are the five that the contract names, each with a name, a description and a version', () => {
    assert.deepEqual(
      builtinTemplates.map(({ id }) => id),
      ['cli-assistant', 'coding-assistant', 'secure-assistant', 'reviewer', 'planner'],
    );
    for (const { id, name, desc, version } of builtinTemplates) assert.ok(name && desc && version, id);
  });

  it('all make an agent of the tools that are built in', async () => {
    for (const { id } of builtinTemplates) {
      await using agent = await agentOf(id, 'fs_read', { path: 'a.txt' });
      assert.equal((await agent.complete('Look.')).text, 'done', id);
    }
  });

  for (const id of ['cli-assistant', 'coding-assistant', 'secure-assistant'])
    it(`${id} asks before it changes a file`, async () => {
      await using agent = await agentOf(id, ...writing);
      assert.equal((await agent.complete('Write.')).status, 'paused');
      await agent.interrupt();
    });

  for (const id of ['reviewer', 'planner'])
    it(`${id} has no tool that changes anything`, async () => {
      await using agent = await agentOf(id, ...writing);
      await agent.complete('Write.');
      assert.equal(agent.permission.mode, 'readonly');
      const failed = (await historyOf(agent)).find((event) => event.type === 'tool:error');
      assert.match((failed?.type === 'tool:error' && failed.error) || '', /no tool named "fs_write"/);
    });

  it('secure-assistant cannot reach the internet', async () => {
    await using agent = await agentOf('secure-assistant', 'web_fetch', { url: 'https://example.org/' });
    assert.ok(!agent.tools.some(({ name }) => name === 'web_fetch'));
  });
});
