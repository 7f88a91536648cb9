import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import { decide, type PermissionConfig } from '../../src/core/permission/policy';
import {
  PermissionModeRegistry,
  permissionModes,
  type ModeQuestion,
  type PermissionModeHandler,
} from '../../src/core/permission/permissionModeRegistry';
import type { AgentEvent } from '../../src/core/protocol/events';
import { defineTool } from '../../src/core/tools/defineTool';
import type { Tool } from '../../src/core/tools/tool';
import { modeWord } from '../../src/webview/text/modeWord';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

const plain = defineTool({
  ...{ name: 'plain', description: 'p', params: { n: { type: 'number' } } },
  exec: () => 'ran',
});
const floored: Tool = {
  ...plain,
  name: 'floored',
  plan: async (args, ctx) => ({ ...(await plain.plan(args, ctx)), floor: { reasons: ['A floor.'], rules: [] } }),
};

describe("an embedder's permission modes", () => {
  let workspace: Workspace;
  let agent: Agent | undefined;
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(async () => {
    await agent?.[Symbol.asyncDispose]();
    agent = undefined;
    await workspace.remove();
  });

  function dependencies(handler: PermissionModeHandler, tool = 'plain'): AgentDependencies {
    const registry = new PermissionModeRegistry();
    registry.register('office', handler);
    const script = [{ calls: [{ name: tool, input: { n: 1 } }] }, { text: 'Done.' }];
    const tools = [plain, floored];
    return { ...dependenciesFor({ workspace, script, tools }), permissionModes: registry };
  }

  async function outcome(
    handler: PermissionModeHandler,
    permission: Partial<PermissionConfig> = {},
    tool = 'plain',
  ): Promise<readonly string[]> {
    const overrides = { permission: { mode: 'office', ...permission } };
    const limits = { toolTimeoutMs: 50 };
    agent = await Agent.create({ templateId: 'test', overrides, limits }, dependencies(handler, tool));
    const { status } = await agent.complete('Go');
    const ended = (await historyOf(agent)).flatMap((event) =>
      event.type === 'tool_executed' ? [event.call.state] : [],
    );
    return [status, ...ended];
  }

  it('are asked with the tool, its effect and the checked call', async () => {
    const asked: ModeQuestion[] = [];
    const allows = (question: ModeQuestion): 'allow' => {
      asked.push(question);
      return 'allow';
    };
    assert.deepEqual(await outcome(allows), ['ok', 'COMPLETED']);
    const [question] = asked;
    assert.deepEqual(
      [asked.length, question?.toolName, question?.effect, question?.call.args, question?.call.agentId],
      [1, 'plain', 'other', { n: 1 }, agent?.agentId],
    );
  });

  it('ask a person, and deny', async () => {
    assert.deepEqual(await outcome(() => 'ask'), ['paused']);
    await agent?.[Symbol.asyncDispose]();
    assert.deepEqual(await outcome(() => 'deny'), ['ok', 'DENIED']);
  });

  const failing: readonly (readonly [string, PermissionModeHandler])[] = [
    [
      'throws',
      () => {
        throw new Error('no policy today');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no policy today'))],
    ['never answers', () => new Promise(() => undefined)],
    ['answers something else', () => 'yes' as unknown as 'allow'],
  ];
  for (const [what, handler] of failing)
    it(`deny when their handler ${what}`, async () => {
      assert.deepEqual(await outcome(handler), ['ok', 'DENIED']);
    });

  it('lift neither floors nor lists', async () => {
    const allows = (): 'allow' => 'allow';
    assert.deepEqual(await outcome(allows, { denyTools: ['plain'] }), ['ok', 'DENIED']);
    await agent?.[Symbol.asyncDispose]();
    assert.deepEqual(await outcome(allows, { allowTools: ['other'] }), ['ok', 'DENIED']);
    await agent?.[Symbol.asyncDispose]();
    assert.deepEqual(await outcome(allows, { requireApprovalTools: ['plain'] }), ['paused']);
    await agent?.[Symbol.asyncDispose]();
    assert.deepEqual(await outcome(allows, {}, 'floored'), ['paused']);
  });

  it('deny also what a list of allowed tools would let run, as read-only does', async () => {
    assert.deepEqual(await outcome(() => 'deny', { allowTools: ['plain'] }), ['ok', 'DENIED']);
  });

  it('must be registered, at construction, at a switch and when the agent comes back', async () => {
    const deps = dependencies(() => 'allow');
    const unknown = { code: 'unknown_mode' };
    const config = { templateId: 'test', overrides: { permission: { mode: 'office' } } };
    const { permissionModes: _registry, ...without } = deps;
    await assert.rejects(Agent.create(config, without), unknown);
    assert.deepEqual(await deps.store.list(), []);
    agent = await Agent.create(config, deps);
    await assert.rejects(agent.setPermission({ mode: 'ofice' }), unknown);
    assert.equal(agent.permission.mode, 'office');
    await agent[Symbol.asyncDispose]();
    await assert.rejects(Agent.resume(agent.agentId, {}, without), unknown);
    agent = await Agent.resume(agent.agentId, {}, deps);
    assert.equal(agent.permission.mode, 'office');
  });

  it('are told when they are switched to, and shown by their name', async () => {
    agent = await Agent.create(
      { templateId: 'test' },
      dependencies(() => 'allow'),
    );
    await agent.setPermission({ mode: 'office' });
    const told = (await historyOf(agent)).flatMap((event: AgentEvent) =>
      event.type === 'permission_changed' ? [event.mode] : [],
    );
    assert.deepEqual(told, ['office']);
    assert.deepEqual([modeWord('office'), modeWord('readonly'), modeWord('ask')], ['office', 'Read only', 'ask']);
  });

  it('have names of their own: neither blank, taken nor built in', () => {
    const registry = new PermissionModeRegistry();
    registry.register('office', () => 'ask');
    for (const name of ['', ' ', 'office', 'auto', 'readonly'])
      assert.throws(() => registry.register(name, () => 'allow'), { code: 'invalid_mode' });
    assert.deepEqual(registry.list(), ['auto', 'review', 'approval', 'plan', 'readonly', 'office']);
    assert.equal(registry.get('auto'), undefined);
  });

  it('are none by default: importing the package registers nothing', async () => {
    assert.equal(permissionModes.list().includes('office'), false);
    const source = await readFile('src/core/permission/permissionModeRegistry.ts', 'utf8');
    assert.equal(/^permissionModes\./m.test(source), false);
  });

  it('deny where nobody has asked their handler', () => {
    const question = {
      toolName: 'plain',
      effect: 'none',
      remembered: false,
      unreviewed: [],
      contained: false,
    } as const;
    assert.equal(decide({ mode: 'office' }, question).verdict, 'deny');
  });
});
