import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { Agent } from '../../src/core/agent/agent';
import type { ModelChunk, KeepAlive, ModelRequest } from '../../src/core/model/provider';
import { ModelError } from '../../src/core/model/provider';
import { newMessageId } from '../../src/core/protocol/ids';
import type { ContentBlock } from '../../src/core/protocol/messages';
import { editorModel, editorModels } from '../../src/extension/models/editorModel';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

interface FakeModels {
  answer: (call: {
    readonly messages: readonly vscode.LanguageModelChatRequestMessage[];
    readonly progress: vscode.Progress<vscode.LanguageModelResponsePart>;
    readonly token: vscode.CancellationToken;
    readonly count: number;
  }) => Promise<void>;
  readonly requests: {
    readonly model: string;
    readonly messages: readonly vscode.LanguageModelChatRequestMessage[];
    readonly tools: readonly string[];
  }[];
}

const choice = { vendor: 'vscode', model: 'fake/scripted' };
const text = (value: string) => new vscode.LanguageModelTextPart(value);
const call = (id: string, name: string, input: object) => new vscode.LanguageModelToolCallPart(id, name, input);

describe("VS Code's own models", function () {
  this.timeout(20_000);
  let fake: FakeModels;
  let workspace: Workspace;

  before(async () => {
    const extension = vscode.extensions.getExtension<FakeModels>('countersign-test.fake-models');
    assert.ok(extension, 'the extension with the fake models is not installed');
    fake = await extension.activate();
  });
  beforeEach(async () => {
    fake.requests.splice(0);
    workspace = await workspaceWith({ 'greeting.txt': 'hello\n', 'other.txt': 'other\n' });
  });
  afterEach(() => workspace.remove());

  const said = async (request: Partial<ModelRequest> = {}, signal = new AbortController().signal) => {
    const chunks: (ModelChunk | KeepAlive)[] = [];
    const whole = { system: '', messages: [userMessage({ type: 'text', text: 'Hi.' })], tools: [], ...request };
    for await (const chunk of editorModel(choice).stream(whole, signal)) chunks.push(chunk);
    return chunks;
  };

  const failure = async (answer: FakeModels['answer']): Promise<ModelError> => {
    fake.answer = answer;
    const error: unknown = await said().then(
      () => assert.fail('it did not fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ModelError, String(error));
    return error;
  };

  it('are listed with their window and whether they see images', async () => {
    const rows = (await editorModels()).filter(({ model }) => model.startsWith('fake/'));
    assert.deepEqual(
      rows.map(({ vendor, model, label, images }) => ({ vendor, model, label, images })),
      [
        { vendor: 'vscode', model: 'fake/scripted', label: 'Scripted (fake)', images: true },
        { vendor: 'vscode', model: 'fake/blind', label: 'Blind (fake)', images: false },
      ],
    );
    assert.ok(rows.every(({ windowTokens = 0 }) => windowTokens > 32_000));
  });

  it('read, edit, run and finish, with parallel calls, as every other model does', async () => {
    const { messages: _none, ...deps } = { messages: [], ...dependenciesFor({ script: [], workspace }) };
    fake.answer = async ({ progress, count }) => {
      for (const part of steps[count - 1] ?? [text('Nothing more.')]) progress.report(part);
    };
    const agent = await Agent.create({ templateId: 'test', model: editorModel(choice) }, deps);
    const result = await agent.complete('Greet the world.');
    assert.equal(result.text, 'The greeting is done.');
    assert.equal(readFileSync(workspace.file('greeting.txt'), 'utf8'), 'hello, world\n');
    const calls = (await historyOf(agent)).flatMap((event) =>
      event.type === 'tool:end' ? [`${event.call.name} ${event.call.state}`] : [],
    );
    assert.deepEqual(calls, ['fs_read COMPLETED', 'fs_read COMPLETED', 'fs_edit COMPLETED', 'bash_run COMPLETED']);
    assert.equal(fake.requests.length, 4);
    assert.ok(fake.requests.every(({ tools }) => tools.includes('fs_edit')));
    const usage = (await historyOf(agent)).filter((event) => event.type === 'token_usage');
    assert.ok(usage.length === 4 && usage.every((event) => event.inputTokens > 0 && event.outputTokens > 0));
    assert.deepEqual(agent.info().model, choice);
    await agent[Symbol.asyncDispose]();
  });

  it('get the system prompt in front of the first message, each result behind its call, and no thinking', async () => {
    fake.answer = async ({ progress }) => progress.report(text('Good.'));
    const messages = [
      userMessage({ type: 'text', text: 'Look.' }, { type: 'image', mimeType: 'image/png', base64: onePixel }),
      {
        ...userMessage(
          { type: 'reasoning', reasoning: 'secret thoughts' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c1' as never, name: 'fs_read', input: { path: 'a' } },
        ),
        role: 'assistant' as const,
      },
      userMessage({
        type: 'tool_result',
        tool_use_id: 'c1' as never,
        content: { ok: true, data: 'text' },
        is_error: false,
      }),
    ];
    await said({ system: 'You are a test.', messages });
    const [request] = fake.requests;
    assert.deepEqual(
      request?.messages.map(({ role, content }) => [role, content.map(nameOf)]),
      [
        [vscode.LanguageModelChatMessageRole.User, ['text You are a test.', 'text Look.', 'data image']],
        [vscode.LanguageModelChatMessageRole.Assistant, ['text I look.', 'call c1 fs_read {"path":"a"}']],
        [vscode.LanguageModelChatMessageRole.User, ['result c1 text {"ok":true,"data":"text"}']],
      ],
    );
  });

  it('stream their text as it comes; a stream that ends by itself is a whole answer', async () => {
    fake.answer = async ({ progress }) => {
      for (const piece of ['One ', 'two ', 'three.']) {
        progress.report(text(piece));
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    };
    const chunks = await said();
    const texts = chunks.flatMap((chunk) => (chunk.type === 'text' ? [chunk.delta] : []));
    assert.equal(texts.join(''), 'One two three.');
    assert.ok(texts.length > 1, 'it came in one piece');
    assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'stop' });
  });

  it('an answer that breaks off has no end: its calls are never run', async () => {
    const chunks: (ModelChunk | KeepAlive)[] = [];
    fake.answer = async ({ progress }) => {
      progress.report(call('c1', 'fs_write', { path: 'a', content: 'b' }));
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('the connection broke');
    };
    const request = { system: '', messages: [userMessage({ type: 'text', text: 'Hi.' })], tools: [] };
    await assert.rejects(async () => {
      for await (const chunk of editorModel(choice).stream(request, new AbortController().signal)) chunks.push(chunk);
    }, ModelError);
    assert.ok(chunks.every(({ type }) => type !== 'finish'));
  });

  it('an abort ends the request within 100 ms, whatever the model does', async () => {
    const cancelled = new Promise<void>((resolve) => {
      fake.answer = ({ token, progress }) => {
        token.onCancellationRequested(() => resolve());
        progress.report(text('Thinking'));
        return new Promise(() => undefined);
      };
    });
    const stop = new AbortController();
    const answer = said({}, stop.signal).then(
      () => assert.fail('it went on'),
      (error: unknown) => error,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const reason = new Error('The user stopped it.');
    const stoppedAt = performance.now();
    stop.abort(reason);
    assert.equal(await answer, reason);
    const tookMs = performance.now() - stoppedAt;
    assert.ok(tookMs < 100, `${tookMs} ms`);
    await cancelled;
  });

  it('each failure is said in our words, with what to do', async () => {
    const failed = async (error: Error) => (await failure(() => Promise.reject(error))).code;
    assert.equal(await failed(vscode.LanguageModelError.NoPermissions('not allowed')), 'authentication');
    assert.equal(await failed(vscode.LanguageModelError.Blocked('quota reached')), 'quota_exceeded');
    assert.equal(await failed(vscode.LanguageModelError.Blocked('filtered by policy')), 'content_filter');
    assert.equal(await failed(vscode.LanguageModelError.NotFound('gone')), 'model_not_found');
    assert.equal(await failed(new Error('prompt token count of 70000 exceeds the limit of 64000')), 'context_length');
    assert.equal(await failed(new Error('Rate limit exceeded')), 'rate_limit');
    const unknown = await failure(() => Promise.reject(new Error('something odd')));
    assert.equal(unknown.code, 'service_unavailable');
    assert.match(unknown.message, /fake\/scripted.*something odd/);
    assert.notEqual(unknown.advice, '');
  });

  it('a model that is gone is said by its name', async () => {
    const gone = editorModel({ vendor: 'vscode', model: 'fake/gone' });
    const request = { system: '', messages: [userMessage({ type: 'text', text: 'Hi.' })], tools: [] };
    await assert.rejects(
      async () => {
        for await (const _chunk of gone.stream(request, new AbortController().signal)) assert.fail('it answered');
      },
      (error: unknown) =>
        error instanceof ModelError && error.code === 'model_not_found' && /fake\/gone/.test(error.message),
    );
  });
});

const steps: readonly (readonly vscode.LanguageModelResponsePart[])[] = [
  [text('I read both.'), call('c1', 'fs_read', { path: 'greeting.txt' }), call('c2', 'fs_read', { path: 'other.txt' })],
  [call('c3', 'fs_edit', { path: 'greeting.txt', old_string: 'hello', new_string: 'hello, world' })],
  [call('c4', 'bash_run', { cmd: 'cat greeting.txt' })],
  [text('The greeting '), text('is done.')],
];

/** VS Code decodes images before it passes them on. */
const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function userMessage(...content: readonly ContentBlock[]) {
  return { id: newMessageId(), role: 'user' as const, content, createdAt: 0 };
}

/** A part by what it holds. */
function nameOf(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return `text ${part.value}`;
  if (part instanceof vscode.LanguageModelDataPart) return `data ${part.mimeType.split('/')[0]}`;
  if (part instanceof vscode.LanguageModelToolCallPart)
    return `call ${part.callId} ${part.name} ${JSON.stringify(part.input)}`;
  if (part instanceof vscode.LanguageModelToolResultPart)
    return `result ${part.callId} ${part.content.map(nameOf).join(' ')}`;
  return `other ${JSON.stringify(part)}`;
}
