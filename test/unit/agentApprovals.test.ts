import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import { asPermissionId } from '../../src/core/protocol/ids';
import { historyOf, nextEvent, testAgent, workspaceWith, type Workspace } from '../support/agents';

const asking = { overrides: { permission: { mode: 'approval' as const } } };
const command = (cmd: string) => ({ name: 'bash_run', input: { cmd } });

/** Proposes one edit, and keeps what the model is told of its outcome. */
const editOnce = (told: string[]): readonly ScriptedTurn[] => [
  { calls: [{ name: 'fs_edit', input: { path: 'a.txt', old_string: 'one', new_string: 'two' } }] },
  (request) => {
    told.push(JSON.stringify(request.messages.at(-1)));
    return { text: 'I see.' };
  },
];

describe('approvals', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  it('nothing with an effect runs before it is allowed; reading does not ask', async () => {
    const agent = await testAgent({
      workspace,
      config: asking,
      script: [
        { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }, command('echo hi > made')] },
        { text: 'Done.' },
      ],
    });
    const paused = await agent.complete('Go.');
    assert.equal(paused.status, 'paused');
    assert.equal(paused.permissionIds?.length, 1);
    assert.equal(agent.status().state, 'PAUSED');
    assert.equal(existsSync(workspace.file('made')), false);
    const [question] = agent.openApprovals;
    assert.deepEqual(question?.subject.kind === 'command' && question.subject.command, 'echo hi > made');
    await agent.decide(question!.permissionId, 'allow');
    const result = await agent.complete();
    assert.equal(result.status, 'ok');
    assert.equal(readFileSync(workspace.file('made'), 'utf8'), 'hi\n');
    assert.equal((await historyOf(agent)).filter((event) => event.type === 'permission_required').length, 1);
    await agent[Symbol.asyncDispose]();
  });

  it('a rejected edit leaves the file as it was and tells the model the reason', async () => {
    const told: string[] = [];
    const agent = await testAgent({
      workspace,
      config: asking,
      script: editOnce(told),
    });
    const paused = await agent.complete('Go.');
    await agent.decide(paused.permissionIds![0]!, 'deny', 'Keep it English.');
    assert.equal((await agent.complete()).text, 'I see.');
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'one\n');
    assert.match(told[0] ?? '', /Keep it English\./);
    await agent[Symbol.asyncDispose]();
  });

  it('the first answer counts; a later one is told so and changes nothing', async () => {
    const agent = await testAgent({
      workspace,
      config: asking,
      script: [{ calls: [command('echo hi > made')] }, { text: 'Done.' }],
    });
    const paused = await agent.complete('Go.');
    const id = paused.permissionIds![0]!;
    await agent.decide(id, 'deny');
    await assert.rejects(agent.decide(id, 'allow'), { code: 'already_decided' });
    await assert.rejects(agent.decide(asPermissionId('prm-made-up'), 'allow'), { code: 'unknown_permission' });
    await agent.complete();
    assert.equal(existsSync(workspace.file('made')), false);
    await agent[Symbol.asyncDispose]();
  });

  it('a listener may answer, then the turn never counts as paused', async () => {
    const agent = await testAgent({
      workspace,
      config: asking,
      script: [{ calls: [command('echo hi > made')] }, { text: 'Done.' }],
    });
    agent.on('permission_required', async (event) => {
      await sleep(20);
      await event.respond?.('allow', { note: 'by a listener' });
    });
    assert.equal((await agent.complete('Go.')).status, 'ok');
    assert.ok(existsSync(workspace.file('made')));
    await agent[Symbol.asyncDispose]();
  });

  it('what is allowed for the session runs unasked again, and only exactly that', async () => {
    const agent = await testAgent({
      workspace,
      guarded: true,
      config: asking,
      script: [
        { calls: [command('echo x >> made')] },
        { calls: [command('echo x >> made')] },
        { calls: [command('echo x >> made ')] },
        { text: 'Done.' },
      ],
    });
    const paused = await agent.complete('Go.');
    await agent.decide(paused.permissionIds![0]!, 'allow', undefined, { remember: 'session' });
    const again = await agent.complete();
    assert.equal(again.status, 'paused');
    assert.equal(readFileSync(workspace.file('made'), 'utf8'), 'x\nx\n');
    assert.equal((await historyOf(agent)).filter((event) => event.type === 'permission_required').length, 2);
    await agent.decide(again.permissionIds![0]!, 'deny');
    await agent.complete();
    await agent[Symbol.asyncDispose]();
  });

  it('an edit of a file that changed meanwhile is refused, and the file keeps what came from elsewhere', async () => {
    const told: string[] = [];
    const agent = await testAgent({
      workspace,
      config: asking,
      script: editOnce(told),
    });
    const paused = await agent.complete('Go.');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(workspace.file('a.txt'), 'one, and more\n');
    await agent.decide(paused.permissionIds![0]!, 'allow');
    await agent.complete();
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'one, and more\n');
    assert.match(told[0] ?? '', /changed/);
    await agent[Symbol.asyncDispose]();
  });

  it('read-only mode denies whatever has an effect, without asking', async () => {
    const agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode: 'readonly' } } },
      script: [
        { calls: [command('echo hi > made'), { name: 'fs_read', input: { path: 'a.txt' } }] },
        { text: 'Done.' },
      ],
    });
    assert.equal((await agent.complete('Go.')).status, 'ok');
    assert.equal(existsSync(workspace.file('made')), false);
    assert.ok(!(await historyOf(agent)).some((event) => event.type === 'permission_required'));
    assert.equal((await historyOf(agent)).filter((event) => event.type === 'tool:end').length, 1);
    await agent[Symbol.asyncDispose]();
  });

  it('a question nobody answers in the configured time counts as denied', async () => {
    const agent = await testAgent({
      workspace,
      config: { ...asking, limits: { approvalTimeoutMs: 50 } },
      script: [{ calls: [command('echo hi > made')] }, { text: 'Done.' }],
    });
    const decided = nextEvent(agent, 'permission_decided');
    assert.equal((await agent.complete('Go.', { onPause: 'wait' })).status, 'ok');
    assert.deepEqual([(await decided).decision, (await decided).decidedBy], ['deny', 'runtime']);
    assert.equal(existsSync(workspace.file('made')), false);
    await agent[Symbol.asyncDispose]();
  });

  it('an unknown permission mode is refused when the agent is made', async () => {
    const permission = { mode: 'yolo' } as unknown as { mode: 'auto' };
    await assert.rejects(testAgent({ workspace, config: { overrides: { permission } }, script: [{ text: '' }] }), {
      code: 'unknown_mode',
    });
  });
});
