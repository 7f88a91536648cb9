import { strict as assert } from 'node:assert';
import type { Agent } from '../../src/core/agent/agent';
import type { CompleteResult } from '../../src/core/agent/turnQueue';
import type { Hooks, MessagesSnapshot, ModelResponse } from '../../src/core/hooks/hooks';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel, type ScriptedTurn } from '../../src/core/model/scripted';
import { textOf, type Message } from '../../src/core/protocol/messages';
import { historyOf, testAgent, workspaceWith, type Workspace } from '../support/agents';

describe('model hooks', () => {
  let workspace: Workspace;
  let agent: Agent | undefined;
  let requests: ModelRequest[] = [];
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'alpha\n' });
    requests = [];
  });
  afterEach(async () => {
    await agent?.[Symbol.asyncDispose]();
    agent = undefined;
    await workspace.remove();
  });

  const reads: ScriptedTurn = (request) => {
    requests.push(request);
    return { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
  };
  const ends: ScriptedTurn = (request) => {
    requests.push(request);
    return { text: 'Done.' };
  };

  async function run(hooks: Hooks, input = 'Go', script = [reads, ends]): Promise<CompleteResult> {
    agent = await testAgent({ workspace, script, config: { overrides: { hooks } } });
    return agent.complete(input);
  }

  it('alter what is sent and never what is stored', async () => {
    const hidden = (message: Message): Message => ({
      ...message,
      content: message.content.map((block) =>
        block.type === 'text' ? { ...block, text: block.text.replaceAll('4711', '****') } : block,
      ),
    });
    await run({ preModel: (messages) => [...messages.map(hidden), { role: 'user', content: [note] }] }, 'PIN 4711');
    for (const { messages } of requests) {
      assert.equal(JSON.stringify(messages).includes('4711'), false);
      assert.equal(messages.at(-1)?.content[0], note);
    }
    const stored = JSON.stringify(agent ? await historyOf(agent) : []);
    assert.deepEqual([stored.includes('PIN 4711'), stored.includes(note.text)], [true, false]);
  });
  const note = { type: 'text', text: 'Be brief.' } as const;

  it('each get what the one before made, the template first', async () => {
    const adds =
      (text: string): NonNullable<Hooks['preModel']> =>
      (messages) => [...messages, { role: 'user', content: [{ type: 'text', text }] }];
    await run({ preModel: adds('second') }, 'first', [ends]);
    assert.deepEqual(requests[0]?.messages.map(textOf), ['first', 'second']);
  });

  it('are shown messages that cannot be changed in place', async () => {
    const { status, error } = await run({
      preModel: (messages) => {
        (messages as Message[]).push({ ...(messages[0] as Message) });
        return undefined;
      },
    });
    assert.deepEqual([status, error?.code, requests.length], ['failed', 'hook_failed', 0]);
    await run({
      preModel: (messages) => {
        Object.assign(messages[0]?.content[0] ?? {}, { text: 'other' });
        return undefined;
      },
    });
    assert.deepEqual(requests.length, 0);
  });

  const without =
    (type: string): NonNullable<Hooks['preModel']> =>
    (messages) =>
      messages.filter(({ content }) => !content.some((block) => block.type === type));
  for (const type of ['tool_result', 'tool_use'])
    it(`are refused when they part calls from results: without ${type}`, async () => {
      const { status, error } = await run({ preModel: without(type) });
      assert.deepEqual([status, error?.code, requests.length], ['failed', 'hook_result', 1]);
      assert.match(error?.message ?? '', /the call ".+" and its result are not together/);
    });

  it('may leave out a call together with its result', async () => {
    const last = (messages: readonly Message[]): readonly Message[] =>
      messages.filter(({ content }) => content.every(({ type }) => type === 'text'));
    assert.equal((await run({ preModel: last })).status, 'ok');
    assert.deepEqual(requests[1]?.messages.map(textOf), ['Go']);
  });

  for (const nonsense of [[], 'text', [{ role: 'robot', content: [] }], [{ role: 'user', content: 'text' }]])
    it(`are refused when they give back no messages: ${JSON.stringify(nonsense)}`, async () => {
      const { error } = await run({ preModel: () => nonsense as unknown as readonly Message[] });
      assert.deepEqual([error?.code, requests.length], ['hook_result', 0]);
    });

  it('hear of each answer before its calls run', async () => {
    const heard: ModelResponse[] = [];
    await run({
      postModel: (response) => {
        heard.push(response);
      },
    });
    assert.deepEqual(
      heard.map(({ content, finish }) => [content[0]?.type, finish]),
      [
        ['tool_use', 'tool_calls'],
        ['text', 'stop'],
      ],
    );
  });

  it('hear of every change of the conversation, with all its messages', async () => {
    const heard: MessagesSnapshot[] = [];
    await run({
      messagesChanged: (snapshot) => {
        heard.push(snapshot);
      },
    });
    const last = heard.at(-1);
    assert.deepEqual([last?.messageCount, last?.messages.length, last?.agentId], [4, 4, agent?.agentId]);
    assert.equal(textOf(last?.messages.at(-1) ?? { content: [] }), 'Done.');
    assert.ok(Object.isFrozen(last?.messages[0]?.content[0]));
  });

  it('keep from the model what they keep from it when an older part is summed up, too', async () => {
    const hides: Hooks = {
      preModel: (messages) =>
        messages.map((message) => ({
          ...message,
          content: message.content.map((block) =>
            block.type === 'text' ? { ...block, text: block.text.replaceAll('4711', '****') } : block,
          ),
        })),
    };
    const small = { ...scriptedModel([ends]), maxWindowSize: 16_000, maxOutputTokens: 4_000 };
    agent = await testAgent({ workspace, script: [], config: { model: small, overrides: { hooks: hides } } });
    await agent.complete('PIN 4711');
    for (let turn = 0; turn < 3; turn++) await agent.complete('More. '.repeat(1_000));
    const before = requests.length;
    assert.equal((await agent.compact()).kind, 'done');
    assert.ok(requests.length > before);
    for (const { messages } of requests.slice(before)) assert.equal(JSON.stringify(messages).includes('4711'), false);
  });
});
