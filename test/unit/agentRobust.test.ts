import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent } from '../../src/core/agent/agent';
import { AgentPool } from '../../src/core/agent/agentPool';
import type { AgentConfig } from '../../src/core/agent/config';
import type { ModelRequest } from '../../src/core/model/provider';
import { unavailableModel } from '../../src/core/model/unavailable';
import { ConfigError } from '../../src/core/errors';
import type { Envelope } from '../../src/core/protocol/events';
import { reduce } from '../../src/core/protocol/reduce';
import { emptySessionView } from '../../src/core/protocol/view';
import { defineTool } from '../../src/core/tools/defineTool';
import { builtinTools } from '../../src/core/tools/tools';
import { LocalSandbox } from '../../src/node/localSandbox';
import { dependenciesFor, historyOf, nextEvent, testAgent, workspaceWith, type Workspace } from '../support/agents';

const start = { seq: 0, timestamp: 0 };

describe('an agent when things go wrong', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  it('Stop right after sending is quiet: no rejection is left unhandled', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'word '.repeat(100) }], chunkDelayMs: 1 });
    await agent.send('Go.');
    await agent.interrupt();
    agent.on('text_chunk_start', () => void agent.interrupt());
    assert.equal((await agent.complete('Again.')).status, 'interrupted');
    await agent[Symbol.asyncDispose]();
  });

  it('Stop drops the messages that wait in line, and says so', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'word '.repeat(300) }], chunkDelayMs: 5 });
    const first = agent.complete('One.');
    await nextEvent(agent, 'text_chunk');
    const second = agent.complete('Two.');
    await nextEvent(agent, 'message_queued');
    await agent.interrupt();
    assert.deepEqual([(await first).status, (await second).status], ['interrupted', 'interrupted']);
    await sleep(30);
    assert.equal(agent.status().state, 'READY');
    assert.equal(agent.isIdle, true);
    const envelopes: Envelope[] = [];
    for await (const envelope of agent.subscribe(undefined, { since: start })) {
      envelopes.push(envelope);
      if (envelope.cursor >= agent.status().cursor) break;
    }
    assert.deepEqual(envelopes.reduce(reduce, emptySessionView(agent.agentId)).queued, []);
    await agent[Symbol.asyncDispose]();
  });

  it('a proposal that cannot be shown is an answer for the model, and no question stays open', async () => {
    const requests: ModelRequest[] = [];
    const broken = {
      propose: () => {
        throw new Error('the editor is gone');
      },
      apply: () => Promise.reject(new Error('never called')),
      restore: () => Promise.reject(new Error('never called')),
    };
    const agent = await testAgent({
      workspace,
      config: {
        overrides: { permission: { mode: 'approval' } },
        sandbox: new LocalSandbox({ workDir: workspace.folder, edits: () => broken }),
      },
      script: [
        { calls: [{ name: 'fs_edit', input: { path: 'a.txt', old_string: 'one', new_string: 'two' } }] },
        (request) => {
          requests.push(request);
          return { text: 'I see.' };
        },
      ],
    });
    assert.equal((await agent.complete('Go.', { onPause: 'wait' })).text, 'I see.');
    assert.match(JSON.stringify(requests[0]?.messages.at(-1)), /the editor is gone/);
    assert.equal(agent.openApprovals.length, 0);
    await agent[Symbol.asyncDispose]();
  });

  it('a plan that never comes back does not hold up Stop', async () => {
    const stuck = defineTool({
      name: 'stuck',
      description: 'Never plans.',
      params: {},
      exec: () => Promise.resolve({}),
    });
    const tool = { ...stuck, plan: () => new Promise<never>(() => undefined) };
    const agent = await testAgent({ workspace, tools: [tool], script: [{ calls: [{ name: 'stuck', input: {} }] }] });
    const turn = agent.complete('Go.');
    await nextEvent(agent, 'tool:start');
    const stoppedAt = Date.now();
    await agent.interrupt();
    assert.ok(Date.now() - stoppedAt < 3_000);
    assert.equal((await turn).status, 'interrupted');
    await agent[Symbol.asyncDispose]();
  });

  it('a call of an answer that was filtered is not run', async () => {
    const agent = await testAgent({
      workspace,
      script: [{ calls: [{ name: 'fs_write', input: { path: 'b.txt', content: 'x' } }], finish: 'content_filter' }],
    });
    const result = await agent.complete('Go.');
    assert.deepEqual([result.status, result.error?.code], ['failed', 'content_filter']);
    assert.equal(existsSync(workspace.file('b.txt')), false);
    await agent[Symbol.asyncDispose]();
  });

  it('progress ends with the last message that was accepted, whatever kinds and places are asked for', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'Hello.' }] });
    await agent.complete('Zero.');
    await agent.send('One.');
    const kinds: string[] = [];
    for await (const event of agent.subscribeProgress({ kinds: ['text_chunk_end'], since: start }))
      kinds.push(event.type);
    assert.deepEqual(kinds, ['text_chunk_end', 'text_chunk_end']);
    await agent.send('Two.');
    await agent.send('Three.');
    const sent: string[] = [];
    for await (const event of agent.subscribeProgress())
      if (event.type === 'user_message') sent.push(JSON.stringify(event.message.content));
    assert.equal(sent.length, 2);
    await agent[Symbol.asyncDispose]();
  });

  it('limits that are not given are the defaults, and a limit that no timer takes is refused', async () => {
    const limits = { maxSteps: undefined, toolTimeoutMs: undefined } as unknown as AgentConfig['limits'];
    const agent = await testAgent({
      workspace,
      config: { ...(limits && { limits }) },
      script: [{ calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] }, { text: 'Done.' }],
    });
    assert.equal((await agent.complete('Go.')).status, 'ok');
    await agent[Symbol.asyncDispose]();
    await assert.rejects(testAgent({ workspace, script: [], config: { limits: { toolTimeoutMs: 1e10 } } }), {
      code: 'invalid_value',
    });
  });

  it('two questions at once: the turn works again when both are answered', async () => {
    const agent = await testAgent({
      workspace,
      tools: builtinTools,
      config: { overrides: { permission: { mode: 'auto', requireApprovalTools: ['fs_read'] } } },
      script: [
        {
          calls: [
            { name: 'fs_read', input: { path: 'a.txt' } },
            { name: 'fs_read', input: { path: 'a.txt' } },
          ],
        },
        { text: 'Done.' },
      ],
    });
    const paused = await agent.complete('Go.');
    assert.equal(paused.status, 'paused');
    while (agent.openApprovals.length < 2) await sleep(5);
    await agent.decide(agent.openApprovals[0]!.permissionId, 'allow');
    await sleep(30);
    assert.equal(agent.status().state, 'PAUSED');
    await agent.decide(agent.openApprovals[0]!.permissionId, 'allow');
    assert.equal((await agent.complete(undefined, { onPause: 'wait' })).status, 'ok');
    await agent[Symbol.asyncDispose]();
  });

  it('a model that could not be opened fails the turn with its reason', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'Hello.' }] });
    await agent.setModel(
      unavailableModel(new ConfigError('no_model', 'No model is chosen.', { advice: 'Choose one.' })),
    );
    const result = await agent.complete('Go.');
    assert.deepEqual([result.status, result.error?.code, result.error?.advice], ['failed', 'no_model', 'Choose one.']);
    assert.ok((await historyOf(agent)).some((event) => event.type === 'done' && event.reason === 'failed'));
    await agent[Symbol.asyncDispose]();
  });

  it('an agent that is destroyed while it is made is gone afterwards', async () => {
    const pool = new AgentPool({ dependencies: dependenciesFor({ script: [{ text: 'Hello.' }], workspace }) });
    const making = pool.create('a', { templateId: 'test' });
    await pool.destroy('a');
    await making;
    assert.equal(pool.get('a'), undefined);
    await pool.create('a', { templateId: 'test' });
    await pool[Symbol.asyncDispose]();
    assert.equal(pool.size(), 0);
  });

  it('the pool keeps an agent that has a message in line', async () => {
    const pool = new AgentPool({ dependencies: dependenciesFor({ script: [{ text: 'Hello.' }], workspace }) });
    const agent: Agent = await pool.create('a', { templateId: 'test' });
    const answers: boolean[] = [];
    agent.on('done', async () => {
      answers.push(await pool.delete('a'));
    });
    const [one, two] = await Promise.all([agent.complete('one'), agent.complete('two')]);
    assert.deepEqual([one.status, two.status], ['ok', 'ok']);
    assert.equal(answers[0], false);
    await pool[Symbol.asyncDispose]();
  });
});
