import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../src/core/agent/agent';
import { scriptedModel } from '../../src/core/model/scripted';
import { totalSpending } from '../../src/core/protocol/usage';
import type { EditConsent } from '../../src/core/sandbox/sandbox';
import { FileCheckpointBlobs } from '../../src/node/checkpoints/fileCheckpointBlobs';
import { isGroupAlive } from '../support/processGroup';
import { historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';
import { delegating, lead, task, teamDependencies, type Role } from '../support/team';

const command = (cmd: string) => ({ name: 'bash_run', input: { cmd } });
const done = { text: 'worker is done' };
const worker: Role = { script: [done] };

describe('a task for a subagent', () => {
  let workspace: Workspace;
  let kept: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
    kept = await workspaceWith();
  });
  afterEach(() => Promise.all([workspace.remove(), kept.remove()]));

  it('is done in a session of its own, and its answer is what the agent reads', async () => {
    const heard: string[] = [];
    const roles = {
      lead: {
        script: [
          { calls: [task('worker', 'Count the files.', { context: 'There are few.' })] },
          (request: { readonly messages: readonly unknown[] }) => {
            heard.push(JSON.stringify(request.messages.at(-1)));
            return { text: 'lead is done' };
          },
        ],
        subagents: {},
      },
      worker: { script: [{ text: 'Three files.' }] },
    };
    const deps = teamDependencies({ workspace, roles });
    await using agent = await Agent.create({ templateId: 'lead', metadata: { workspace: 'here' } }, deps);
    assert.equal((await agent.complete('Go.')).text, 'lead is done');
    assert.match(heard[0] ?? '', /"text":"Three files\."/);
    const ids = await deps.store.list();
    const childId = ids.find((id) => id !== agent.agentId) ?? '';
    assert.equal(ids.length, 2);
    assert.ok(childId.startsWith(`${agent.agentId}-`) && (heard[0] ?? '').includes(childId));
    await using child = await Agent.resumeFromStore(childId, deps);
    assert.equal(child.info().metadata?.['parent'], agent.agentId);
    assert.equal(child.info().metadata?.['workspace'], 'here');
    assert.match(child.info().systemPrompt ?? '', /Another agent gave you this task/);
    assert.match(JSON.stringify(await historyOf(child)), /Count the files\.\\n\\n## Context\\nThere are few\./);
  });

  it('leaves the sandbox to its agent when it ends, and is seen while it runs', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: {
          script: [{ calls: [task('worker')] }, { calls: [command('echo hi > made')] }, { text: 'end' }],
          subagents: {},
        },
        worker: { script: [{ text: 'I look.', calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] }, done] },
      },
    });
    assert.equal((await agent.complete('Go.')).text, 'end');
    assert.ok(existsSync(workspace.file('made')));
    const seen = (await historyOf(agent)).flatMap((event) => (event.type === 'tool:progress' ? [event.text] : []));
    assert.equal(seen.join(''), 'I look.\n> fs_read {"path":"a.txt"}\nworker is done\n');
  });

  it('shows at most 16,000 characters of what happens', async () => {
    const long = { text: 'x'.repeat(1_900), calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
    const other = { ...long, calls: [{ name: 'fs_read', input: { path: 'a.txt', limit: 1 } }] };
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('worker')]),
        worker: { script: [...Array.from({ length: 20 }, (_one, index) => (index % 2 ? long : other)), done] },
      },
    });
    await agent.complete('Go.');
    const seen = (await historyOf(agent)).flatMap((event) => (event.type === 'tool:progress' ? [event.text] : []));
    const { length } = seen.join('');
    assert.ok(length > 15_000 && length < 18_100, `${length}`);
  });

  it('has no time-out', async () => {
    await using agent = await lead({
      workspace,
      config: { limits: { toolTimeoutMs: 100 } },
      roles: { lead: delegating([task('worker')]), worker: { script: [{ calls: [command('sleep 0.5')] }, done] } },
    });
    await agent.complete('Go.');
    assert.match(JSON.stringify((await historyOf(agent)).filter(({ type }) => type === 'tool:end')), /worker is done/);
  });

  it('that fails says why, and the agent goes on', async () => {
    await using agent = await lead({
      workspace,
      roles: { lead: delegating([task('worker')]), worker: { script: [{ text: 'half', finish: 'content_filter' }] } },
    });
    assert.equal((await agent.complete('Go.')).text, 'lead is done');
    const failed = (await historyOf(agent)).find((event) => event.type === 'tool:error');
    assert.match(JSON.stringify(failed), /filtered the answer.*"status":"failed"/);
  });

  it('ends with Stop: its process, its stream and its question, within 2 s', async () => {
    await using agent = await lead({
      workspace,
      roles: {
        lead: delegating([task('worker', 'run'), task('asker', 'ask')]),
        worker: { script: [{ calls: [command('echo $$ > pid; (trap "" INT TERM; sleep 60) & sleep 60')] }, done] },
        asker: { script: [{ calls: [command('echo hi > made')] }], permission: { mode: 'approval' } },
      },
    });
    const asked = nextEvent(agent, 'permission_required');
    const turn = agent.complete('Go.', { onPause: 'wait' });
    while (!existsSync(workspace.file('pid')) || readFileSync(workspace.file('pid'), 'utf8') === '') await sleep(20);
    const { permissionId } = await asked;
    const stoppedAt = Date.now();
    await agent.interrupt();
    assert.equal((await turn).status, 'interrupted');
    assert.ok(Date.now() - stoppedAt < 2_500, `it took ${Date.now() - stoppedAt} ms`);
    assert.ok(!isGroupAlive(Number(readFileSync(workspace.file('pid'), 'utf8'))), 'a process of the group is alive');
    assert.deepEqual(agent.openApprovals, []);
    await assert.rejects(agent.decide(permissionId, 'allow'), { code: 'already_decided' });
    assert.equal(existsSync(workspace.file('made')), false);
    const decided = (await historyOf(agent)).find((event) => event.type === 'permission_decided');
    assert.equal(decided?.type === 'permission_decided' && decided.decidedBy, 'runtime');
    assert.ok(agent.isIdle);
  });

  it('is paid by its agent, whose budget holds it', async () => {
    const reading = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
    const roles = { lead: delegating([task('worker')]), worker: { script: [reading, reading, done] } };
    const deps = teamDependencies({ workspace, roles });
    await using free = await Agent.create({ templateId: 'lead' }, deps);
    await free.complete('Go.');
    assert.equal(totalSpending(free.spending).calls, 5, 'two of its own and three of its subagent');
    const counted = (await historyOf(free)).filter((event) => event.type === 'token_usage');
    assert.equal(counted.length, 5);
    const endless = { ...roles, worker: { script: [{ ...reading, text: 'word '.repeat(400) }] } };
    const config = { limits: { budget: { tokens: 30_000 } } };
    await using held = await lead({ workspace, roles: endless, config });
    await held.complete('Go.');
    assert.ok(totalSpending(held.spending).usage.totalTokens <= 30_000);
    const failed = (await historyOf(held)).find((event) => event.type === 'tool:error');
    assert.match(JSON.stringify(failed), /would pass the session's budget/);
  });

  it('edits on the account of its agent: its checkpoints, its review, its turn', async () => {
    const edit = { name: 'fs_edit', input: { path: 'a.txt', old_string: 'one', new_string: 'two' } };
    const write = { name: 'fs_write', input: { path: 'b.txt', content: 'b\n' } };
    const roles = {
      lead: delegating([task('worker', 'edit'), task('writer', 'write')], { mode: 'review' }),
      worker: { script: [{ calls: [edit] }, done] },
      writer: { script: [{ calls: [write] }, done] },
    };
    const deps = teamDependencies({ workspace, roles });
    const sandbox = await deps.sandboxFactory();
    const consents: EditConsent[] = [];
    const apply = sandbox.edits.apply.bind(sandbox.edits);
    sandbox.edits.apply = (consent, ...rest) => {
      consents.push(consent);
      return apply(consent, ...rest);
    };
    await using agent = await Agent.create(
      { templateId: 'lead', sandbox },
      { ...deps, checkpoints: new FileCheckpointBlobs({ folder: kept.folder }) },
    );
    const turnId = await agent.send('Go.');
    await agent.complete();
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'two\n');
    const pending = { kind: 'pending', agentId: agent.agentId, turnId };
    assert.deepEqual(consents, [pending, pending]);
    await agent.checkpoints.restore(turnId, { files: true, conversation: false });
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'one\n');
    assert.equal(existsSync(workspace.file('b.txt')), false);
  });

  it('goes to the model that is asked for, and to none where none can be opened', async () => {
    const roles = { lead: { script: [] }, worker };
    const opened: unknown[] = [];
    const deps = teamDependencies({ workspace, roles });
    const modelFactory = (choice?: unknown) => {
      opened.push(choice);
      return scriptedModel([done]);
    };
    await using agent = await Agent.create({ templateId: 'lead' }, { ...deps, modelFactory });
    await agent.delegateTask({ templateId: 'worker', prompt: 'Go.', model: 'openai:gpt:x' });
    await agent.delegateTask({ templateId: 'worker', prompt: 'Go.', model: 'large' });
    assert.deepEqual(opened.slice(1), [
      { vendor: 'openai', model: 'gpt:x' },
      { vendor: 'scripted', model: 'large' },
    ]);
  });
});
