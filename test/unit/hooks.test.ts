import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import type { AgentDependencies } from '../../src/core/agent/config';
import type { Hooks } from '../../src/core/hooks/hooks';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import type { PermissionConfig } from '../../src/core/permission/policy';
import type { ToolResultContent } from '../../src/core/protocol/messages';
import { defineTool } from '../../src/core/tools/defineTool';
import type { Tool } from '../../src/core/tools/tool';
import { builtinTools } from '../../src/core/tools/tools';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';

const writes: ScriptedTurn = { calls: [{ name: 'fs_write', input: { path: 'new.txt', content: 'x\n' } }] };
const reads: ScriptedTurn = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
const ends: ScriptedTurn = { text: 'Done.' };

describe('tool hooks', () => {
  let workspace: Workspace;
  let agent: Agent | undefined;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'alpha\n' });
  });
  afterEach(async () => {
    await agent?.[Symbol.asyncDispose]();
    agent = undefined;
    await workspace.remove();
  });

  interface Given {
    readonly hooks?: Hooks;
    readonly templateHooks?: Hooks;
    readonly permission?: PermissionConfig;
    readonly tools?: readonly Tool[];
    readonly script?: readonly ScriptedTurn[];
    readonly toolTimeoutMs?: number;
  }

  function dependencies({ templateHooks, tools, script = [writes, ends] }: Given): AgentDependencies {
    const deps = dependenciesFor({ workspace, script, ...(tools && { tools }) });
    deps.templateRegistry.register({
      ...{ id: 'hooked', systemPrompt: 'You are a test.', permission: { mode: 'auto' } },
      ...(templateHooks && { hooks: templateHooks }),
    });
    return deps;
  }

  async function made(given: Given, deps = dependencies(given)): Promise<Agent> {
    const { hooks, permission, toolTimeoutMs } = given;
    agent = await Agent.create(
      {
        templateId: 'hooked',
        overrides: { ...(hooks && { hooks }), ...(permission && { permission }) },
        ...(toolTimeoutMs !== undefined && { limits: { toolTimeoutMs } }),
      },
      deps,
    );
    return agent;
  }

  const results = async (): Promise<readonly ToolResultContent[]> =>
    (agent ? await historyOf(agent) : []).flatMap((event) =>
      (event.type === 'tool:end' || event.type === 'tool:error') && event.call.result ? [event.call.result] : [],
    );
  const states = async (): Promise<readonly string[]> =>
    (agent ? await historyOf(agent) : []).flatMap((event) =>
      event.type === 'tool_executed' ? [event.call.state] : [],
    );
  const isWritten = (): Promise<boolean> =>
    readFile(workspace.file('new.txt')).then(
      () => true,
      () => false,
    );

  it('hear of a call with its checked arguments, and change nothing when they decide nothing', async () => {
    const heard: unknown[] = [];
    const working = await made({
      hooks: {
        preToolUse: ({ name, args, agentId }, ctx) => {
          heard.push(name, args, agentId === ctx.agentId, ctx.signal.aborted);
        },
      },
    });
    assert.equal((await working.complete('Go')).status, 'ok');
    assert.deepEqual(heard, ['fs_write', { path: 'new.txt', content: 'x\n' }, true, false]);
    assert.equal(await isWritten(), true);
  });

  it('have a person asked where the mode would run it, with the reason and what they give along', async () => {
    const working = await made({
      hooks: { preToolUse: () => ({ decision: 'ask', meta: { reason: 'Friday.', ticket: 7 } }) },
    });
    const asked = nextEvent(working, 'permission_required');
    await working.send('Go');
    const { permissionId, subject, call } = await asked;
    assert.deepEqual([subject.reason, subject.why], ['Friday.', ['Friday.']]);
    assert.deepEqual(call.approval.meta, { reason: 'Friday.', ticket: 7 });
    assert.equal(await isWritten(), false);
    await working.decide(permissionId, 'allow');
    assert.equal((await working.complete()).status, 'ok');
    assert.equal(await isWritten(), true);
  });

  it('deny with a reason and a result that the model reads', async () => {
    const working = await made({
      hooks: { preToolUse: () => ({ decision: 'deny', reason: 'Not today.', toolResult: { try: 'later' } }) },
    });
    assert.equal((await working.complete('Go')).status, 'ok');
    const [result] = await results();
    assert.ok(result?.ok === false);
    assert.deepEqual([result.error, result.errorType, result.data], ['Not today.', 'denied', { try: 'later' }]);
    assert.deepEqual([await isWritten(), await states()], [false, ['DENIED']]);
  });

  it('answer in place of the tool, which does not run', async () => {
    const working = await made({ hooks: { preToolUse: () => ({ result: { cached: true } }) } });
    await working.complete('Go');
    assert.deepEqual(await results(), [{ ok: true, data: { cached: true } }]);
    assert.deepEqual([await isWritten(), await states()], [false, ['COMPLETED']]);
  });

  it('answer for what could not even be planned', async () => {
    const script = [{ calls: [{ name: 'fs_read', input: { path: 'missing.txt' } }] }, ends];
    const working = await made({ script, hooks: { preToolUse: () => ({ result: 'stand-in' }) } });
    await working.complete('Go');
    assert.deepEqual(await results(), [{ ok: true, data: 'stand-in' }]);
  });

  it('are asked before a call is planned: what they deny is not even looked at', async () => {
    let planned = 0;
    const watched = defineTool({ name: 'watched', description: 'w', exec: () => 1 });
    const tool: Tool = {
      ...watched,
      plan: (args, ctx) => {
        planned++;
        return watched.plan(args, ctx);
      },
    };
    const script = [{ calls: [{ name: 'watched', input: {} }] }, ends];
    const working = await made({ tools: [tool], script, hooks: { preToolUse: () => ({ decision: 'deny' }) } });
    await working.complete('Go');
    assert.equal(planned, 0);
  });

  const strict: readonly (readonly [string, PermissionConfig])[] = [
    ['a deny list', { mode: 'auto', denyTools: ['fs_write'] }],
    ['a list of allowed tools', { mode: 'auto', allowTools: ['fs_read'] }],
    ['the read-only mode', { mode: 'readonly' }],
    ['the plan mode', { mode: 'plan' }],
  ];
  for (const [what, permission] of strict)
    for (const decision of [{ result: 'made up' }, { decision: 'ask' as const }])
      it(`never lift ${what}: ${JSON.stringify(decision)}`, async () => {
        const working = await made({ permission, hooks: { preToolUse: () => decision } });
        assert.equal((await working.complete('Go')).status, 'ok');
        assert.deepEqual([await isWritten(), await states()], [false, ['DENIED']]);
      });

  it('never lift a floor: it is asked as before', async () => {
    const floored = defineTool({ name: 'floored', description: 'f', exec: () => 'ran' });
    const tool: Tool = {
      ...floored,
      plan: async (args, ctx) => ({
        ...(await floored.plan(args, ctx)),
        floor: { reasons: ['It is a floor.'], rules: [] },
      }),
    };
    const script = [{ calls: [{ name: 'floored', input: {} }] }, ends];
    const working = await made({
      tools: [tool],
      script,
      hooks: { preToolUse: () => ({ decision: 'ask', meta: { reason: 'A hook.' } }) },
    });
    const result = await working.complete('Go');
    assert.equal(result.status, 'paused');
    assert.deepEqual(working.openApprovals[0]?.subject.why, ['A hook.', 'It is a floor.']);
  });

  it('cannot allow: what is no decision denies the call', async () => {
    const allow = { decision: 'allow' } as unknown as { readonly decision: 'ask' };
    const working = await made({ permission: { mode: 'approval' }, hooks: { preToolUse: () => allow } });
    assert.equal((await working.complete('Go')).status, 'ok');
    const [result] = await results();
    assert.match(result?.ok === false ? result.error : '', /preToolUse hook .* is no decision/);
    assert.equal(await isWritten(), false);
  });

  it('come in the order tool, template, configuration; the first decision wins', async () => {
    const order: string[] = [];
    const says = (name: string, decision?: { readonly result: string }): Hooks => ({
      preToolUse: () => {
        order.push(name);
        return decision;
      },
    });
    const own = defineTool({ name: 'own', description: 'o', hooks: says('tool'), exec: () => 'ran' });
    const working = await made({
      tools: [own],
      script: [{ calls: [{ name: 'own', input: {} }] }, ends],
      templateHooks: says('template', { result: 'by the template' }),
      hooks: says('configuration', { result: 'by the configuration' }),
    });
    await working.complete('Go');
    assert.deepEqual(order, ['tool', 'template']);
    assert.deepEqual(await results(), [{ ok: true, data: 'by the template' }]);
  });

  it('change what the model reads of a run, one after the other', async () => {
    const own = defineTool({
      ...{ name: 'own', description: 'o', attributes: { readonly: true } },
      hooks: { postToolUse: ({ content }) => ({ update: { content: `${JSON.stringify(content)}+tool` } }) },
      exec: () => 'ran',
    });
    const working = await made({
      tools: [own],
      script: [{ calls: [{ name: 'own', input: {} }] }, ends],
      templateHooks: {
        postToolUse: ({ content }) => ({
          update: { content: `${typeof content === 'string' ? content : ''}+template` },
        }),
      },
      hooks: { postToolUse: ({ content, ok }) => ({ replace: { ok: !ok, content, error: 'Turned around.' } }) },
    });
    await working.complete('Go');
    const [result] = await results();
    assert.ok(result?.ok === false);
    assert.deepEqual([result.error, result.data], ['Turned around.', '"ran"+tool+template']);
    assert.deepEqual(await states(), ['FAILED']);
  });

  it('hear of failures after a run, and not of what never ran', async () => {
    const heard: string[] = [];
    const fails = defineTool({
      ...{ name: 'fails', description: 'f' },
      exec: () => {
        throw new Error('broken');
      },
    });
    const working = await made({
      tools: [fails, ...builtinTools],
      permission: { mode: 'auto', denyTools: ['fs_write'] },
      script: [{ calls: [{ name: 'fails', input: {} }, ...(writes.calls ?? [])] }, ends],
      hooks: {
        postToolUse: ({ name, ok, error = '' }) => {
          heard.push(`${name} ${ok} ${error}`);
        },
      },
    });
    await working.complete('Go');
    assert.deepEqual(heard, ['fails false broken']);
  });

  it('are never stored, and an agent that comes back has those that it is given then', async () => {
    const given: Given = {
      permission: { mode: 'readonly' },
      hooks: { preToolUse: () => ({ decision: 'deny', reason: 'first' }) },
      script: [reads, ends],
    };
    const deps = dependencies(given);
    const first = await made(given, deps);
    await first.complete('Go');
    const id = first.agentId;
    assert.equal(JSON.stringify(first.info()).includes('hooks'), false);
    await first[Symbol.asyncDispose]();

    const config = { overrides: { hooks: { preToolUse: () => ({ decision: 'deny', reason: 'second' }) as const } } };
    agent = await Agent.resume(id, config, deps);
    // The permission that was stored still holds beside the new hooks.
    assert.equal(agent.permission.mode, 'readonly');
    await agent.complete('Again');
    const said = (await results()).map((result) => (result.ok ? '' : result.error));
    assert.deepEqual(said, ['first', 'second']);
  });
});
