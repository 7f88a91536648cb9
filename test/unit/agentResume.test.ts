import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView, type SessionView } from '../../src/core/protocol/view';
import { dependenciesFor, historyOf, nextEvent, workspaceWith, type Workspace } from '../support/agents';

describe('an agent that comes back from its store', () => {
  let workspace: Workspace;
  let deps: ReturnType<typeof dependenciesFor>;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
    deps = dependenciesFor({ workspace, script: [] });
  });
  afterEach(() => workspace.remove());

  const config = (script: readonly ScriptedTurn[], mode: 'auto' | 'approval' = 'auto') => ({
    agentId: 'a',
    templateId: 'test',
    model: scriptedModel(script),
    overrides: { permission: { mode } },
  });
  const edit = {
    name: 'fs_edit',
    input: { path: 'a.txt', old_string: 'one', new_string: 'two' },
  };

  it('knows everything that was said, and goes on', async () => {
    const first = await Agent.create(config([{ text: 'Hello.' }]), deps);
    await first.complete('Hi.');
    await first.setTodos([{ title: 'Look', status: 'in_progress' }]);
    await first.setTitle('Greetings');
    await first[Symbol.asyncDispose]();
    const requests: ModelRequest[] = [];
    const again = await Agent.resumeFromStore('a', deps, {
      overrides: { model: recording(requests, [{ text: 'Again.' }]) },
    });
    assert.equal(again.info().title, 'Greetings');
    assert.equal(again.info().messageCount, 2);
    assert.equal(again.getTodos()[0]?.title, 'Look');
    assert.equal((await again.complete('And now?')).text, 'Again.');
    assert.deepEqual(rolesOf(requests[0]), ['user', 'assistant', 'user']);
    assert.match(requests[0]?.system ?? '', /You are a test/);
    const seqs = (await envelopesOf(again)).map((envelope) => envelope.bookmark.seq);
    assert.deepEqual(
      seqs,
      seqs.map((_seq, index) => index + 1),
    );
    await again[Symbol.asyncDispose]();
  });

  it('seals a command that was cut off, never runs it again, and tells the model what is certain', async () => {
    const first = await Agent.create(
      config([{ calls: [{ name: 'bash_run', input: { cmd: 'echo x >> ran.txt; sleep 30' } }] }]),
      deps,
    );
    const running = nextEvent(first, 'tool:progress').catch(() => undefined);
    void first.send('Run it.');
    await untilExists(workspace.file('ran.txt'));
    await first[Symbol.asyncDispose]();
    void running;
    const requests: ModelRequest[] = [];
    const again = await Agent.resume('a', { model: recording(requests, [{ text: 'I looked.' }]) }, deps);
    assert.equal(again.status().state, 'READY');
    const resumed = (await historyOf(again)).find((event) => event.type === 'agent_resumed');
    assert.ok(resumed?.type === 'agent_resumed' && resumed.cutOff);
    assert.deepEqual(
      resumed.sealed.map((call) => [call.name, call.state]),
      [['bash_run', 'SEALED']],
    );
    await again.complete('Go on.');
    assert.deepEqual(rolesOf(requests[0]), ['user', 'assistant', 'user', 'user']);
    assert.match(JSON.stringify(requests[0]?.messages[2]), /may have had all, part or none of its effect/);
    assert.equal(readFileSync(workspace.file('ran.txt'), 'utf8'), 'x\n');
    const view = await viewOf(again);
    assert.equal(view.items.filter((item) => item.kind === 'notice').length, 1);
    assert.equal(view.state, 'READY');
    await again[Symbol.asyncDispose]();
  });

  it('answers a question that was open before the restart: what is allowed then is what was shown', async () => {
    const first = await Agent.create(config([{ calls: [edit] }], 'approval'), deps);
    const { permissionIds } = await first.complete('Change it.');
    await first[Symbol.asyncDispose]();
    const requests: ModelRequest[] = [];
    const again = await Agent.resume('a', { model: recording(requests, [{ text: 'Done.' }]) }, deps, {
      strategy: 'manual',
    });
    assert.equal(again.status().state, 'PAUSED');
    assert.deepEqual(
      again.openApprovals.map((approval) => approval.permissionId),
      permissionIds,
    );
    assert.deepEqual((await again.complete()).permissionIds, permissionIds);
    await again.decide(permissionIds?.[0] ?? assert.fail(), 'allow');
    const result = await again.complete(undefined, { onPause: 'wait' });
    assert.deepEqual([result.status, result.text], ['ok', 'Done.']);
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'two\n');
    assert.deepEqual(rolesOf(requests[0]), ['user', 'assistant', 'user']);
    await again[Symbol.asyncDispose]();
  });

  it('asks anew when what was asked has changed meanwhile', async () => {
    const first = await Agent.create(config([{ calls: [edit] }], 'approval'), deps);
    const { permissionIds } = await first.complete('Change it.');
    await first[Symbol.asyncDispose]();
    await writeFile(workspace.file('a.txt'), 'zero\none\n');
    const again = await Agent.resume('a', { model: scriptedModel([{ text: 'Done.' }]) }, deps, { strategy: 'manual' });
    const asked = nextEvent(again, 'permission_required');
    await again.decide(permissionIds?.[0] ?? assert.fail(), 'allow');
    const question = await asked;
    assert.notEqual(question.permissionId, permissionIds?.[0]);
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'zero\none\n');
    await again.decide(question.permissionId, 'allow');
    assert.equal((await again.complete(undefined, { onPause: 'wait' })).status, 'ok');
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'zero\ntwo\n');
    await again[Symbol.asyncDispose]();
  });

  it('a new message instead of an answer seals what was open', async () => {
    const first = await Agent.create(config([{ calls: [edit] }], 'approval'), deps);
    await first.complete('Change it.');
    await first[Symbol.asyncDispose]();
    const requests: ModelRequest[] = [];
    const model = recording(requests, [{ text: 'As you like.' }]);
    const again = await Agent.resume('a', { model }, deps, { strategy: 'manual' });
    assert.equal((await again.complete('Never mind.', { onPause: 'wait' })).text, 'As you like.');
    assert.equal(again.openApprovals.length, 0);
    assert.deepEqual(rolesOf(requests[0]), ['user', 'assistant', 'user', 'user']);
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'one\n');
    await again[Symbol.asyncDispose]();
  });

  it('crash seals an open question too, and says so to whoever shows it', async () => {
    const first = await Agent.create(config([{ calls: [edit] }], 'approval'), deps);
    const { permissionIds } = await first.complete('Change it.');
    await first[Symbol.asyncDispose]();
    const again = await Agent.resume('a', { model: scriptedModel([]) }, deps);
    assert.equal(again.openApprovals.length, 0);
    await assert.rejects(again.decide(permissionIds?.[0] ?? assert.fail(), 'allow'), { code: 'unknown_permission' });
    const [card] = (await viewOf(again)).items.filter((item) => item.kind === 'tool');
    assert.deepEqual([card?.call.state, card?.approval?.decision], ['SEALED', 'deny']);
    assert.equal((await deps.store.summaries())[0]?.openApprovals, 0);
    await again[Symbol.asyncDispose]();
  });

  it('goes on with a turn that was cut off, when it is told to', async () => {
    const first = await Agent.create(
      config([{ calls: [{ name: 'bash_run', input: { cmd: 'echo x >> ran.txt; sleep 30' } }] }]),
      deps,
    );
    void first.send('Run it.');
    await untilExists(workspace.file('ran.txt'));
    await first[Symbol.asyncDispose]();
    const again = await Agent.resume('a', { model: scriptedModel([{ text: 'I see.' }]) }, deps, { autoRun: true });
    assert.equal((await again.complete()).text, 'I see.');
    assert.equal(again.info().messageCount, 4);
    await again[Symbol.asyncDispose]();
  });

  it('keeps the messages that waited in line; they start with the next one, in their order', async () => {
    const first = await Agent.create(config([{ calls: [edit] }], 'approval'), deps);
    await first.complete('Change it.');
    await first.send('Then this.');
    await first[Symbol.asyncDispose]();
    const requests: ModelRequest[] = [];
    const again = await Agent.resume('a', { model: recording(requests, [{ text: 'One.' }, { text: 'Two.' }]) }, deps);
    assert.equal(again.queued.length, 1);
    assert.equal(again.isIdle, true);
    assert.deepEqual(
      (await viewOf(again)).queued.map(({ text }) => text),
      ['Then this.'],
    );
    assert.equal((await again.complete('And this.')).text, 'Two.');
    assert.match(JSON.stringify(requests[0]?.messages.at(-1)), /Then this/);
    assert.match(JSON.stringify(requests[1]?.messages.at(-1)), /And this/);
    await again[Symbol.asyncDispose]();
  });

  it('honours what is given anew over what was stored', async () => {
    const first = await Agent.create(config([{ text: 'Hi.' }], 'auto'), deps);
    await first[Symbol.asyncDispose]();
    const script = [{ calls: [edit] }, { text: 'Refused.' }];
    const again = await Agent.resume(
      'a',
      { model: scriptedModel(script), overrides: { permission: { mode: 'readonly' } } },
      deps,
    );
    assert.equal((await again.complete('Change it.', { onPause: 'wait' })).status, 'ok');
    assert.equal(readFileSync(workspace.file('a.txt'), 'utf8'), 'one\n');
    await again[Symbol.asyncDispose]();
  });

  it('is made when there is none, and refused by name otherwise', async () => {
    await assert.rejects(Agent.resume('nobody', {}, deps), { code: 'not_found' });
    const made = await Agent.resumeOrCreate('a', config([{ text: 'Hi.' }]), deps);
    await made[Symbol.asyncDispose]();
    const back = await Agent.resumeOrCreate('a', config([{ text: 'Hi.' }]), deps);
    assert.equal(back.agentId, 'a');
    await back[Symbol.asyncDispose]();
  });
});

function recording(requests: ModelRequest[], script: readonly Extract<ScriptedTurn, object>[]) {
  return scriptedModel(
    script.map((turn) => (request: ModelRequest) => {
      requests.push(request);
      return typeof turn === 'function' ? turn(request) : turn;
    }),
  );
}

function rolesOf(request: ModelRequest | undefined): readonly string[] | undefined {
  return request?.messages.map((message) => message.role);
}

async function envelopesOf(agent: Agent) {
  const envelopes = [];
  for await (const envelope of agent.subscribe(undefined, { since: { seq: 0, timestamp: 0 } })) {
    envelopes.push(envelope);
    if (envelope.cursor >= agent.status().cursor) break;
  }
  return envelopes;
}

async function viewOf(agent: Agent): Promise<SessionView> {
  return (await envelopesOf(agent)).reduce(reduce, emptySessionView(agent.agentId));
}

async function untilExists(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
}
