import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { ModelError, type ModelRequest } from '../../src/core/model/provider';
import type { ScriptedTurn } from '../../src/core/model/scripted';
import { historyOf, nextEvent, testAgent, workspaceWith, type Workspace } from '../support/agents';

describe('a turn', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'src/a.txt': 'one\ntwo\n' });
  });
  afterEach(() => workspace.remove());

  it('reads, edits and answers, and the file has changed', async () => {
    const agent = await testAgent({
      workspace,
      script: [
        { text: 'I look.', calls: [{ name: 'fs_read', input: { path: 'src/a.txt' } }] },
        { calls: [{ name: 'fs_edit', input: { path: 'src/a.txt', old_string: 'two', new_string: '$& three' } }] },
        { text: 'Done.' },
      ],
    });
    const result = await agent.complete('Change it.');
    assert.equal(result.status, 'ok');
    assert.equal(result.text, 'Done.');
    assert.equal(await readFile(workspace.file('src/a.txt'), 'utf8'), 'one\n$& three\n');
    await agent[Symbol.asyncDispose]();
  });

  it('answers every call in call order, whatever order they end in', async () => {
    const requests: ModelRequest[] = [];
    const agent = await testAgent({
      workspace,
      script: [
        {
          calls: [
            { name: 'bash_run', input: { cmd: 'sleep 0.2; echo first' } },
            { name: 'fs_read', input: { path: 'src/a.txt' } },
            { name: 'no_such_tool', input: {} },
            { name: 'fs_read', input: { path: 17 } },
            { name: 'fs_read', input: { path: '../../etc/passwd' } },
          ],
        },
        (request) => {
          requests.push(request);
          return { text: 'Done.' };
        },
      ],
    });
    await agent.complete('Go.');
    const results = requests[0]?.messages
      .at(-1)
      ?.content.map((block) => (block.type === 'tool_result' ? block.content : undefined));
    assert.equal(results?.length, 5);
    assert.deepEqual(
      results.map((result) => result?.ok),
      [true, true, false, false, false],
    );
    assert.match(JSON.stringify(results[0]), /first/);
    assert.match(JSON.stringify(results[2]), /no tool named.*no_such_tool/);
    assert.match(JSON.stringify(results[3]), /path/);
    assert.match(JSON.stringify(results[4]), /passwd/);
    await agent[Symbol.asyncDispose]();
  });

  it('lets a second edit of one answer see what the first one wrote', async () => {
    const edit = (from: string, to: string) => ({
      name: 'fs_edit',
      input: { path: 'src/a.txt', old_string: from, new_string: to },
    });
    const agent = await testAgent({
      workspace,
      script: [{ calls: [edit('one', 'uno'), edit('uno\ntwo', 'uno\ndos')] }, { text: 'Done.' }],
    });
    await agent.complete('Go.');
    assert.equal(await readFile(workspace.file('src/a.txt'), 'utf8'), 'uno\ndos\n');
    await agent[Symbol.asyncDispose]();
  });

  it('never runs a call of an answer that broke off, and keeps its text', async () => {
    const agent = await testAgent({
      workspace,
      script: [
        {
          text: 'I will write.',
          calls: [{ name: 'fs_write', input: { path: 'b.txt', content: 'x' } }],
          finish: 'none',
        },
      ],
    });
    const result = await agent.complete('Go.');
    assert.equal(result.status, 'failed');
    assert.equal(result.error?.code, 'stream_cut');
    assert.equal(result.text, 'I will write.');
    assert.ok(!(await historyOf(agent)).some((event) => event.type === 'tool:start'));
    await assert.rejects(readFile(workspace.file('b.txt')), /ENOENT/);
    await agent[Symbol.asyncDispose]();
  });

  it('never runs a call of an answer that was cut off at the output limit, and tells the model', async () => {
    const seen: string[] = [];
    const agent = await testAgent({
      workspace,
      script: [
        { calls: [{ name: 'fs_write', input: { path: 'b.txt', content: 'x' } }], finish: 'length' },
        (request) => {
          seen.push(JSON.stringify(request.messages.at(-1)));
          return { text: 'I see.' };
        },
      ],
    });
    const result = await agent.complete('Go.');
    assert.equal(result.status, 'ok');
    assert.match(seen[0] ?? '', /cut off at the output limit/);
    await assert.rejects(readFile(workspace.file('b.txt')), /ENOENT/);
    await agent[Symbol.asyncDispose]();
  });

  it('ends after maxSteps and says so', async () => {
    const agent = await testAgent({
      workspace,
      script: [{ calls: [{ name: 'fs_read', input: { path: 'src/a.txt' } }] }],
      config: { limits: { maxSteps: 3 } },
    });
    const result = await agent.complete('Go.');
    assert.equal(result.status, 'failed');
    assert.equal(result.error?.code, 'max_steps');
    assert.equal(agent.status().stepCount, 3);
    await agent[Symbol.asyncDispose]();
  });

  it('fails understandably when the model refuses the key, and the next message works', async () => {
    let calls = 0;
    const script: ScriptedTurn[] = [
      () => {
        calls++;
        return calls === 1
          ? { error: new ModelError('authentication', 'The key was refused.', { advice: 'Set another key.' }) }
          : { text: 'Hello.' };
      },
    ];
    const agent = await testAgent({ workspace, script });
    const failed = await agent.complete('Go.');
    assert.deepEqual(
      [failed.status, failed.error?.code, failed.error?.advice],
      ['failed', 'authentication', 'Set another key.'],
    );
    assert.equal(calls, 1);
    assert.deepEqual((await agent.complete('Again.')).status, 'ok');
    await agent[Symbol.asyncDispose]();
  });

  it('tries again after a failure that may pass, and says so', async () => {
    let calls = 0;
    const agent = await testAgent({
      workspace,
      script: [
        () => (++calls < 3 ? { error: new ModelError('service_unavailable', 'Overloaded.') } : { text: 'Hello.' }),
      ],
    });
    assert.equal((await agent.complete('Go.')).text, 'Hello.');
    assert.equal(calls, 3);
    assert.equal((await historyOf(agent)).filter((event) => event.type === 'model_retry').length, 2);
    await agent[Symbol.asyncDispose]();
  });

  it('gives each message its own answer, in the order they were sent', async () => {
    const said = (request: ModelRequest) => {
      const last = request.messages.findLast((message) => message.role === 'user' && message.metadata === undefined);
      return { text: `You said ${JSON.stringify(last?.content[0])}` };
    };
    const agent = await testAgent({ workspace, script: [said] });
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => agent.complete(text)));
    assert.deepEqual(
      answers.map((answer) => /"text":"(.)"/.exec(answer.text ?? '')?.[1]),
      ['a', 'b', 'c'],
    );
    await agent[Symbol.asyncDispose]();
  });

  it('keeps its system prompt the same to the byte and tells what has changed in a message', async () => {
    const systems: string[] = [];
    const agent = await testAgent({
      workspace,
      script: [
        (request) => {
          systems.push(request.system);
          return { text: 'Hello.' };
        },
      ],
    });
    await agent.complete('One.');
    await agent.complete('Two.');
    assert.equal(systems.length, 2);
    assert.equal(systems[0], systems[1]);
    assert.match(systems[0] ?? '', /Workspace folders:\n- ws: /);
    assert.match(systems[0] ?? '', /Date: \d{4}-\d\d-\d\d/);
    await agent[Symbol.asyncDispose]();
  });

  it('reads the project instructions, the nearest last, as text of the project', async () => {
    const project = await workspaceWith({
      'AGENTS.md': 'Use tabs.',
      'CLAUDE.md': 'Ignored where there is an AGENTS.md.',
    });
    const systems: string[] = [];
    const agent = await testAgent({
      workspace: project,
      script: [
        (request) => {
          systems.push(request.system);
          return { text: 'Hello.' };
        },
      ],
    });
    await agent.complete('One.');
    assert.match(systems[0] ?? '', /<project_instructions source="AGENTS.md">\nUse tabs\./);
    assert.doesNotMatch(systems[0] ?? '', /Ignored where/);
    assert.deepEqual(agent.info().instructions, ['AGENTS.md']);
    await agent[Symbol.asyncDispose]();
    await project.remove();
  });

  it('reports the tokens of every model call', async () => {
    const agent = await testAgent({ workspace, script: [{ text: 'Hello.' }] });
    const usage = nextEvent(agent, 'token_usage');
    await agent.complete('One.');
    assert.ok((await usage).inputTokens > 0);
    await agent[Symbol.asyncDispose]();
  });
});
