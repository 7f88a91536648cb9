import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import type { Agent } from '../../src/core/agent/agent';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import type { PermissionConfig } from '../../src/core/permission/policy';
import { defineTool } from '../../src/core/tools/defineTool';
import { builtinTools } from '../../src/core/tools/tools';
import { historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { delegating, lead, task, type Role } from '../support/team';

const command = (cmd: string) => ({ name: 'bash_run', input: { cmd } });
const running = (cmd: string, tail: readonly ScriptedTurn[] = [{ text: 'worker is done' }]): Role => ({
  script: [{ calls: [command(cmd)] }, ...tail],
});

describe('what a subagent may do', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  /** What the lead reads of its task. */
  const answerOf = async (agent: Agent): Promise<string> => {
    const ended = (await historyOf(agent)).findLast(
      (event) => event.type === 'tool:end' || event.type === 'tool:error',
    );
    return JSON.stringify(ended);
  };

  it('a subagent does not bypass approvals: what its agent would have to ask is asked, and nothing runs before', async () => {
    await using agent = await lead({
      workspace,
      roles: { lead: delegating([task('worker')], { mode: 'approval' }), worker: running('echo hi > made') },
    });
    const paused = await agent.complete('Go.');
    assert.equal(paused.status, 'paused');
    assert.equal(existsSync(workspace.file('made')), false);
    await agent.decide(paused.permissionIds![0]!, 'allow');
    assert.equal((await agent.complete()).text, 'lead is done');
    assert.equal(readFileSync(workspace.file('made'), 'utf8'), 'hi\n');
  });

  it('under an agent in mode auto it still asks what its own template asks', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('worker')]),
        worker: { ...running('echo hi > made'), permission: { mode: 'approval' } },
      },
    });
    const paused = await agent.complete('Go.');
    await agent.decide(paused.permissionIds![0]!, 'deny', 'Not today.');
    assert.equal((await agent.complete()).status, 'ok');
    assert.equal(existsSync(workspace.file('made')), false);
  });

  const refusals: readonly (readonly [string, PermissionConfig, PermissionConfig])[] = [
    [
      'a tool that its agent denies',
      { mode: 'auto', denyTools: ['bash_run'] },
      { mode: 'auto', allowTools: ['bash_run'] },
    ],
    ['a tool outside of the list of its agent', { mode: 'auto', allowTools: ['task_run'] }, { mode: 'auto' }],
    ['an effect where its agent only reads', { mode: 'readonly' }, { mode: 'auto' }],
    ['an effect where its template only reads', { mode: 'auto' }, { mode: 'readonly', allowTools: ['bash_run'] }],
  ];
  for (const [what, above, own] of refusals)
    it(`it is denied ${what}; the lists are never merged`, async () => {
      const told: string[] = [];
      const hears: ScriptedTurn = (request) => {
        told.push(JSON.stringify(request.messages.at(-1)));
        return { text: 'worker is done' };
      };
      await using agent = await lead({
        workspace,
        roles: {
          lead: delegating([task('worker')], above),
          worker: { ...running('echo hi > made', [hears]), permission: own },
        },
      });
      assert.equal((await agent.complete('Go.')).status, 'ok');
      assert.equal(existsSync(workspace.file('made')), false);
      assert.match(told[0] ?? '', /"errorType":"denied"/);
    });

  it('an agent that is switched to reading while it works binds its subagent from the next call on', async () => {
    const held: { lead?: Agent } = {};
    const switching = defineTool({
      name: 'switching',
      description: 'Switches the lead to reading.',
      attributes: { noEffect: true },
      exec: async () => {
        await held.lead?.setPermission({ mode: 'readonly' });
        return 'switched';
      },
    });
    const script = [
      { calls: [command('echo 1 > first')] },
      { calls: [{ name: 'switching', input: {} }] },
      { calls: [command('echo 2 > second')] },
      { text: 'worker is done' },
    ];
    await using agent = await lead({
      workspace,
      tools: [...builtinTools, switching],
      roles: { lead: delegating([task('worker')]), worker: { script } },
    });
    held.lead = agent;
    await agent.complete('Go.');
    assert.ok(existsSync(workspace.file('first')));
    assert.equal(existsSync(workspace.file('second')), false);
  });

  it('is not widened by permissions that the configuration gives it in place of its template', async () => {
    const overrides = { permission: { mode: 'auto' as const } };
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('worker')], { mode: 'readonly' }, { overrides }),
        worker: { ...running('echo hi > made'), permission: { mode: 'approval' } },
      },
    });
    await agent.complete('Go.');
    assert.equal(existsSync(workspace.file('made')), false);
  });

  it('what the user allowed for good holds below and above, for exactly that', async () => {
    const cmd = "node -e \"require('fs').appendFileSync('made', 'x')\"";
    const asks = running(cmd);
    await using agent = await lead({
      workspace,
      guarded: true,
      roles: {
        lead: {
          script: [
            { calls: [task('worker', 'first')] },
            { calls: [task('worker', 'second')] },
            { calls: [command(cmd)] },
            { text: 'end' },
          ],
          subagents: {},
        },
        worker: asks,
      },
    });
    const paused = await agent.complete('Go.');
    assert.equal(paused.status, 'paused');
    await agent.decide(paused.permissionIds![0]!, 'allow', undefined, { remember: 'session' });
    assert.equal((await agent.complete()).text, 'end');
    assert.equal(readFileSync(workspace.file('made'), 'utf8'), 'xxx');
    assert.equal(agent.rules.length, 1);
    const questions = (await historyOf(agent)).filter((event) => event.type === 'permission_required');
    assert.equal(questions.length, 1);
  });

  it('a remembered answer lifts no denial of the agent above', async () => {
    const cmd = "node -e \"require('fs').appendFileSync('made', 'x')\"";
    await using agent = await lead({
      workspace,
      guarded: true,
      roles: {
        lead: {
          script: [{ calls: [command(cmd)] }, { text: 'first' }, { calls: [task('worker')] }, { text: 'end' }],
          subagents: {},
        },
        worker: running(cmd),
      },
    });
    const paused = await agent.complete('Go.');
    await agent.decide(paused.permissionIds![0]!, 'allow', undefined, { remember: 'session' });
    await agent.complete();
    await agent.setPermission({ mode: 'auto', denyTools: ['bash_run'] });
    assert.equal((await agent.complete('Again.')).text, 'end');
    assert.equal(readFileSync(workspace.file('made'), 'utf8'), 'x');
  });

  it('two levels down the policies of all above bind, and the question comes up to the top', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('middle')], { mode: 'approval' }, { depth: 2 }),
        middle: { script: [{ calls: [task('worker')] }, { text: 'middle is done' }] },
        worker: running('echo hi > made'),
      },
    });
    const asked = nextEvent(agent, 'permission_required');
    const paused = await agent.complete('Go.');
    assert.equal(existsSync(workspace.file('made')), false);
    const { call, subject } = await asked;
    assert.equal(subject.from?.templateId, 'worker');
    assert.equal(call.agentId, subject.from.agentId);
    await agent.decide(paused.permissionIds![0]!, 'allow');
    assert.equal((await agent.complete()).text, 'lead is done');
    assert.ok(existsSync(workspace.file('made')));
  });

  it('beyond its depth it has no subagents, and without a configuration an agent has none', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('middle')], { mode: 'auto' }, { depth: 1 }),
        middle: { script: [{ calls: [task('worker')] }, { text: 'middle is done' }], subagents: { depth: 5 } },
        worker: running('echo hi > made'),
      },
    });
    await agent.complete('Go.');
    assert.equal(existsSync(workspace.file('made')), false);
    assert.match(await answerOf(agent), /middle is done/);
    await using alone = await lead({ workspace, roles: { lead: { script: [{ text: 'hi' }] } } });
    assert.ok(!alone.tools.some(({ name }) => name === 'task_run'));
  });

  it('only templates of its list are offered and taken', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('worker')], { mode: 'auto' }, { templates: ['reader'] }),
        reader: { script: [{ text: 'read' }] },
        worker: running('echo hi > made'),
      },
    });
    await agent.complete('Go.');
    assert.equal(existsSync(workspace.file('made')), false);
    assert.match(await answerOf(agent), /reader/);
  });

  it('a configuration that names no such template or no such depth makes no agent', async () => {
    const roles = { lead: delegating([], { mode: 'auto' }, { templates: ['nobody'] }) };
    await assert.rejects(lead({ workspace, roles }), { code: 'unknown_template', message: /"nobody"/ });
    const deep = { lead: delegating([], { mode: 'auto' }, { depth: -1 }) };
    await assert.rejects(lead({ workspace, roles: deep }), { code: 'invalid_value', message: /-1/ });
  });
});
