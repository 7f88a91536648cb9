import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { Agent } from '../../src/core/agent/agent';
import type { AgentEvent, EventOf } from '../../src/core/protocol/events';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView, type TranscriptItem } from '../../src/core/protocol/view';
import type { PermissionConfig } from '../../src/core/permission/policy';
import { historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { delegating, lead, ownModel, task, teamDependencies, type Role } from '../support/team';

const asking: PermissionConfig = { mode: 'approval' };
const command = (cmd: string) => ({ name: 'bash_run', input: { cmd } });
const running = (cmd: string): Role => ({
  script: [{ calls: [command(cmd)] }, { text: `${cmd} is done` }],
  permission: asking,
});

describe("a subagent's question", () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(() => workspace.remove());

  /** The cards of tools, as a panel draws them that is opened now. */
  const cardsOf = async (agent: Agent) => {
    let view = emptySessionView(agent.agentId);
    const { cursor } = agent.status();
    for await (const envelope of agent.subscribe(undefined, { since: { seq: 0, timestamp: 0 } })) {
      view = reduce(view, envelope);
      if (envelope.bookmark.seq >= cursor) break;
    }
    return view.items.filter((item): item is TranscriptItem & { readonly kind: 'tool' } => item.kind === 'tool');
  };
  const required = (events: readonly AgentEvent[]) =>
    events.filter((event): event is EventOf<'permission_required'> => event.type === 'permission_required');

  it('is shown by its agent as a call of its own that says whose it is, and goes on there to its end', async () => {
    await using agent = await lead({
      workspace,
      roles: { lead: delegating([task('worker', 'Make it.')]), worker: running('echo hi > made') },
    });
    const { permissionIds } = await agent.complete('Go.');
    const [taskCard, card] = await cardsOf(agent);
    assert.equal(taskCard?.call.name, 'task_run');
    assert.ok(card?.approval);
    assert.equal(card.call.name, 'bash_run');
    assert.equal(card.call.state, 'APPROVAL_REQUIRED');
    assert.equal(card.approval.permissionId, permissionIds?.[0]);
    const { from, reason } = card.approval.subject;
    assert.deepEqual(from, { agentId: card.call.agentId, templateId: 'worker', task: 'task: Make it.' });
    assert.match(reason, /^Subagent worker: /);
    assert.deepEqual(
      agent.openApprovals.map(({ permissionId, call, subject }) => [permissionId, call.id, subject.from?.templateId]),
      [[permissionIds?.[0], card.callId, 'worker']],
    );
    await agent.decide(permissionIds![0]!, 'allow');
    await agent.complete();
    const [, ended] = await cardsOf(agent);
    assert.deepEqual(
      [ended?.call.state, ended?.approval?.decision, ended?.approval?.decidedBy],
      ['COMPLETED', 'allow', 'user'],
    );
    assert.deepEqual(agent.info().askedBelow, []);
    assert.equal(agent.status().state, 'READY');
  });

  it('is answered by `respond` of the event too, and the answer to ask_user reaches who asked', async () => {
    const heard: string[] = [];
    const asker: Role = {
      script: [
        { calls: [{ name: 'ask_user', input: { question: 'Which one?' } }] },
        (request) => {
          heard.push(JSON.stringify(request.messages.at(-1)));
          return { text: 'asked' };
        },
      ],
    };
    await using agent = await lead({ workspace, roles: { lead: delegating([task('asker')]), asker } });
    agent.on('permission_required', (event) => event.respond?.('allow', { note: 'The red one.' }));
    assert.equal((await agent.complete('Go.')).status, 'ok');
    assert.match(heard[0] ?? '', /The red one\./);
  });

  it('of two at the same time each has its own answer, in any order', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('one', 'Do it.', { model: ownModel }), task('two', 'Do it.', { model: ownModel })]),
        one: running('echo 1 > one'),
        two: running('echo 2 > two'),
      },
    });
    const both = new Promise<void>((resolve) => {
      agent.on('permission_required', () => {
        if (agent.openApprovals.length === 2) resolve();
      });
    });
    const turn = agent.complete('Go.', { onPause: 'wait' });
    await both;
    const asked = required(await historyOf(agent));
    const [first, second] = ['one', 'two'].map((id) => asked.find(({ subject }) => subject.from?.templateId === id)!);
    // Both models, and the lead's, count their calls from one: their cards must not be one.
    assert.notEqual(first?.call.id, second?.call.id);
    await agent.decide(second!.permissionId, 'allow');
    await assert.rejects(agent.decide(second!.permissionId, 'deny'), { code: 'already_decided' });
    await agent.decide(first!.permissionId, 'deny', 'No.');
    assert.equal((await turn).status, 'ok');
    assert.deepEqual([existsSync(workspace.file('one')), existsSync(workspace.file('two'))], [false, true]);
    const states = (await cardsOf(agent)).map(({ call }) => `${call.name} ${call.state}`);
    assert.deepEqual(states.sort(), [
      'bash_run COMPLETED',
      'bash_run DENIED',
      'task_run COMPLETED',
      'task_run COMPLETED',
    ]);
  });

  it('that nobody answers in the configured time is denied', async () => {
    await using agent = await lead({
      workspace,
      config: { limits: { approvalTimeoutMs: 50 } },
      roles: { lead: delegating([task('worker')]), worker: running('echo hi > made') },
    });
    assert.equal((await agent.complete('Go.', { onPause: 'wait' })).status, 'ok');
    assert.equal(existsSync(workspace.file('made')), false);
    assert.deepEqual(agent.openApprovals, []);
  });

  for (const strategy of ['crash', 'manual'] as const)
    it(`that was open when everything ended is withdrawn at the return (${strategy}), and both sessions go on`, async () => {
      const roles = { lead: delegating([task('worker')]), worker: running('echo hi > made') };
      const deps = teamDependencies({ workspace, roles });
      const first = await Agent.create({ agentId: 'a', templateId: 'lead' }, deps);
      const { permissionIds } = await first.complete('Go.');
      await first[Symbol.asyncDispose]();
      await using agent = await Agent.resumeFromStore('a', deps, { strategy });
      assert.deepEqual(agent.openApprovals, []);
      await assert.rejects(agent.decide(permissionIds![0]!, 'allow'), { code: 'unknown_permission' });
      const card = (await cardsOf(agent)).at(-1);
      assert.deepEqual([card?.approval?.decision, card?.approval?.decidedBy], ['deny', 'runtime']);
      assert.equal(agent.info().askedBelow, undefined);
      assert.equal((await agent.complete('Again.')).text, 'lead is done');
      assert.equal(existsSync(workspace.file('made')), false);
      const childId = (await deps.store.list()).find((id) => id !== 'a') ?? '';
      await using child = await Agent.resumeFromStore(childId, deps);
      assert.match(JSON.stringify(await historyOf(child)), /echo hi/);
    });

  it('asked beside the turns of an idle agent reaches its user, and Stop ends it', async () => {
    const roles = { lead: { script: [{ text: 'hi' }] }, worker: running('echo hi > made') };
    await using agent = await Agent.create({ templateId: 'lead' }, teamDependencies({ workspace, roles }));
    const asked = nextEvent(agent, 'permission_required');
    const task = agent.delegateTask({ templateId: 'worker', prompt: 'Make it.' });
    const { permissionId } = await asked;
    assert.ok(!agent.isIdle && agent.idleTime === 0 && agent.status().state === 'PAUSED');
    await agent.decide(permissionId, 'allow');
    const { status, text, agentId, usage } = await task;
    assert.deepEqual([status, text], ['ok', 'echo hi > made is done']);
    assert.ok(agentId.startsWith(agent.agentId) && usage.totalTokens > 0);
    assert.ok(existsSync(workspace.file('made')));
    assert.equal(agent.status().state, 'READY');
    const again = nextEvent(agent, 'permission_required');
    const stopped = agent.delegateTask({ templateId: 'worker', prompt: 'Make it again.' });
    await again;
    await agent.interrupt();
    assert.equal((await stopped).status, 'interrupted');
    assert.deepEqual(agent.openApprovals, []);
  });

  it('is never asked where the tools that it was given leave the call out', async () => {
    const roles = {
      lead: { script: [{ text: 'hi' }] },
      worker: { ...running('echo hi > made'), tools: ['fs_read', 'bash_run'] },
    };
    await using agent = await Agent.create({ templateId: 'lead' }, teamDependencies({ workspace, roles }));
    const result = await agent.delegateTask({ templateId: 'worker', prompt: 'Go.', tools: ['fs_read', 'fs_write'] });
    assert.equal(result.status, 'ok');
    assert.deepEqual(required(await historyOf(agent)), []);
    const aborted = agent.delegateTask({ templateId: 'worker', prompt: 'Go.' }, { signal: AbortSignal.abort() });
    await assert.rejects(aborted, { name: 'AbortError' });
    await assert.rejects(agent.delegateTask({ templateId: 'nobody', prompt: 'Go.' }), { code: 'unknown_template' });
  });
});
