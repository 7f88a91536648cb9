import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { scriptedModel } from '../../src/core/model/scripted';
import { historyOf, nextEvent, testAgent, workspaceWith, type Workspace } from '../support/agents';
import { isGroupAlive } from '../support/processGroup';

describe('stopping a turn', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith();
  });
  afterEach(() => workspace.remove());

  it('ends a running command with its whole process group within 2 s, and the next message works', async () => {
    const agent = await testAgent({
      workspace,
      script: [
        { calls: [{ name: 'bash_run', input: { cmd: 'echo $$ > pid; (trap "" INT TERM; sleep 60) & sleep 60' } }] },
        { text: 'Hello again.' },
      ],
    });
    const turn = agent.complete('Go.');
    while (!existsSync(workspace.file('pid')) || readFileSync(workspace.file('pid'), 'utf8') === '') await sleep(20);
    const group = Number(readFileSync(workspace.file('pid'), 'utf8'));
    assert.ok(isGroupAlive(group));
    const stoppedAt = Date.now();
    await agent.interrupt();
    assert.equal((await turn).status, 'interrupted');
    assert.ok(Date.now() - stoppedAt < 2_500, `it took ${Date.now() - stoppedAt} ms`);
    assert.ok(!isGroupAlive(group), 'a process of the group is alive');
    assert.equal((await agent.complete('And now?')).text, 'Hello again.');
    await agent[Symbol.asyncDispose]();
  });

  it('ends a stream in the middle and keeps what was said', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'word '.repeat(500) }], chunkDelayMs: 5 });
    const turn = agent.complete('Go.');
    await nextEvent(agent, 'text_chunk');
    const stoppedAt = Date.now();
    await agent.interrupt();
    assert.ok(Date.now() - stoppedAt < 300, `it took ${Date.now() - stoppedAt} ms`);
    const result = await turn;
    assert.equal(result.status, 'interrupted');
    assert.match(result.text ?? '', /^word /);
    assert.ok((result.text ?? '').length < 2_500);
    await agent[Symbol.asyncDispose]();
  });

  it('answers a call that waits for a decision, so that the history stays whole', async () => {
    const requests: string[] = [];
    const agent = await testAgent({
      workspace,
      config: { overrides: { permission: { mode: 'approval' } } },
      script: [
        {
          calls: [
            { name: 'bash_run', input: { cmd: 'echo x > made' } },
            { name: 'bash_run', input: { cmd: 'echo y > made' } },
          ],
        },
        (request) => {
          requests.push(JSON.stringify(request.messages));
          return { text: 'Hello.' };
        },
      ],
    });
    const turn = agent.complete('Go.', { onPause: 'wait' });
    await nextEvent(agent, 'permission_required');
    await agent.interrupt();
    assert.equal((await turn).status, 'interrupted');
    assert.equal(agent.openApprovals.length, 0);
    assert.equal(existsSync(workspace.file('made')), false);
    await agent.complete('Next.');
    assert.equal(requests[0]?.match(/"tool_use_id"/g)?.length, 2);
    await agent[Symbol.asyncDispose]();
  });

  it('does nothing to an idle agent, and the next message is answered', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'Hello.' }] });
    await agent.interrupt();
    assert.equal((await agent.complete('Go.')).text, 'Hello.');
    await agent[Symbol.asyncDispose]();
  });

  it('starts no further tool after Stop', async () => {
    const agent = await testAgent({
      workspace,
      script: [
        {
          calls: [
            { name: 'bash_run', input: { cmd: 'sleep 30' } },
            { name: 'fs_write', input: { path: 'late.txt', content: 'x' } },
          ],
        },
      ],
    });
    const turn = agent.complete('Go.');
    await nextEvent(agent, 'tool:update');
    await agent.interrupt();
    await turn;
    assert.equal(existsSync(workspace.file('late.txt')), false);
    const ended = (await historyOf(agent)).filter((event) => event.type === 'tool:error').length;
    assert.equal(ended, 2);
    await agent[Symbol.asyncDispose]();
  });

  it('a scripted stream that is aborted before its first word says nothing', async () => {
    const aborted = AbortSignal.abort(new Error('stopped'));
    const stream = scriptedModel([{ text: 'Hello' }]).stream({ system: '', messages: [], tools: [] }, aborted);
    await assert.rejects(async () => {
      for await (const chunk of stream) assert.fail(JSON.stringify(chunk));
    }, /stopped/);
  });
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
