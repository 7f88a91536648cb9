import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { LLMock } from '@copilotkit/aimock';
import { Agent } from '../../src/core/agent/agent';
import type { ContentBlock, Message } from '../../src/core/protocol/messages';
import { MemoryStore } from '../../src/core/store/memoryStore';
import type { ModelConnection } from '../../src/node/models/connection';
import { openModel } from '../../src/node/models/providers';
import { dependenciesFor, workspaceWith } from '../support/agents';
import { startCapturingProxy, type CapturedRequest } from '../support/capturingProxy';

const image: ContentBlock = {
  type: 'image',
  mimeType: 'image/png',
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
};

const files = {
  'sum.js': 'module.exports = (left, right) => left - right;\n',
  'check.js': "console.log('the sum is', require('./sum.js')(2, 3));\n",
};

type Case = Pick<ModelConnection, 'vendor' | 'model' | 'api' | 'traits'> & {
  readonly name: string;
  readonly path: string;
  /** How the image of the first message looks on the wire. */
  readonly image: RegExp;
  /** How the thinking of the first answer goes back; undefined: this wire has no place for it. */
  readonly thought: RegExp | undefined;
};

const cases: readonly Case[] = [
  {
    name: 'Anthropic',
    vendor: 'anthropic',
    model: 'claude-sonnet-5-5',
    path: '/v1',
    image: /"source":\{"type":"base64","media_type":"image\/png"/,
    thought: /\{"type":"thinking","thinking":"Two files to read\.","signature":"[^"]+"\}/,
  },
  {
    name: 'OpenAI Chat',
    vendor: 'openai-compatible',
    model: 'deepseek-reasoner',
    traits: { images: true },
    path: '/v1',
    image: /"image_url":\{"url":"data:image\/png;base64,iVBOR/,
    thought: /"reasoning_content":"Two files to read\."/,
  },
  {
    name: 'OpenAI Responses',
    vendor: 'openai',
    api: 'responses',
    model: 'gpt-5.4',
    path: '/v1',
    image: /\{"type":"input_image","image_url":"data:image\/png;base64,iVBOR/,
    thought:
      /\{"type":"reasoning","id":"rs[^"]*","encrypted_content":"[^"]+","summary":\[\{"type":"summary_text","text":"Two files/,
  },
  {
    name: 'Google',
    vendor: 'google',
    model: 'gemini-3.8-flash',
    path: '/v1beta',
    image: /\{"inlineData":\{"mimeType":"image\/png","data":"iVBOR/,
    thought: undefined, // What aimock thinks in Gemini's name bears no signature.
  },
  {
    name: 'Ollama',
    vendor: 'ollama',
    model: 'qwen3-vl',
    traits: { images: true },
    path: '/v1',
    image: /"image_url":\{"url":"data:image\/png;base64,iVBOR/,
    thought: undefined,
  },
];

/** The model's part: reads two files at once, edits one, runs the other, and says what came of it. */
function script(mock: LLMock, vendor: string): void {
  // Gemini ends every answer with STOP, its calls or not; aimock says otherwise.
  const asGemini = vendor === 'google' ? { finishReason: 'stop' } : {};
  const call = (id: string, name: string, args: object): { name: string; arguments: string; id: string } => ({
    name,
    arguments: JSON.stringify(args),
    id,
  });
  mock.on(
    { toolResultContains: 'the sum is 5' },
    { content: 'The sum was a difference. It is repaired and checked.', ...asGemini },
  );
  mock.on(
    { toolCallId: 'call_edit' },
    { toolCalls: [call('call_run', 'bash_run', { cmd: 'node check.js' })], ...asGemini },
  );
  mock.on(
    { toolCallId: 'call_check' },
    {
      toolCalls: [
        call('call_edit', 'fs_edit', { path: 'sum.js', old_string: 'left - right', new_string: 'left + right' }),
      ],
      ...asGemini,
    },
  );
  mock.onMessage('Repair the sum', {
    content: 'I read both files.',
    reasoning: 'Two files to read.',
    reasoningSignature: 'c2lnbmVk',
    toolCalls: [call('call_sum', 'fs_read', { path: 'sum.js' }), call('call_check', 'fs_read', { path: 'check.js' })],
    ...asGemini,
  });
}

interface Outcome {
  readonly status: string;
  readonly text: string;
  readonly sum: string;
  readonly messages: readonly string[];
  readonly requests: readonly CapturedRequest[];
}

async function run({ name: _name, path, image: _image, thought: _thought, ...connection }: Case): Promise<Outcome> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  await mock.start();
  const proxy = await startCapturingProxy(mock.url);
  const workspace = await workspaceWith(files);
  try {
    script(mock, connection.vendor);
    const model = await openModel({ ...connection, apiKey: 'k', baseUrl: `${proxy.url}${path}` });
    const store = new MemoryStore();
    const agent = await Agent.create(
      { templateId: 'test', exposeThinking: true },
      { ...dependenciesFor({ script: [], workspace }), store, modelFactory: () => model },
    );
    const { status, text } = await agent.complete([
      { type: 'text', text: 'Repair the sum, as in the picture.' },
      image,
    ]);
    const stored = await (await store.read(agent.agentId)).readMessages();
    await agent[Symbol.asyncDispose]();
    return {
      status,
      text: text ?? '',
      sum: await readFile(workspace.file('sum.js'), 'utf8'),
      messages: stored.map(shape),
      requests: proxy.requests,
    };
  } finally {
    await proxy.stop();
    await mock.stop();
    await workspace.remove();
  }
}

/** What a message holds, without what may differ from vendor to vendor: names of calls, signatures, thoughts that are not told. */
function shape({ role, content }: Message): string {
  const parts = content.flatMap((block) => {
    switch (block.type) {
      case 'text':
        return [`says ${block.text}`];
      case 'reasoning':
        return block.reasoning === '' ? [] : [`thinks ${block.reasoning}`];
      case 'tool_use':
        return [`calls ${block.name} ${JSON.stringify(block.input)}`];
      case 'tool_result':
        return [block.is_error ? 'fails' : 'succeeds'];
      case 'image':
      case 'audio':
      case 'video':
      case 'file':
        return [block.type];
    }
  });
  return `${role}: ${parts.join(' | ')}`;
}

describe('The same task', () => {
  for (const one of cases)
    it(`comes to the same result over ${one.name}`, async () => {
      const { status, text, sum, messages, requests } = await run(one);
      assert.deepEqual(messages, [
        'user: says Repair the sum, as in the picture. | image',
        'assistant: thinks Two files to read. | says I read both files. | calls fs_read {"path":"sum.js"} | calls fs_read {"path":"check.js"}',
        'user: succeeds | succeeds',
        'assistant: calls fs_edit {"path":"sum.js","old_string":"left - right","new_string":"left + right"}',
        'user: succeeds',
        'assistant: calls bash_run {"cmd":"node check.js"}',
        'user: succeeds',
        'assistant: says The sum was a difference. It is repaired and checked.',
      ]);
      assert.deepEqual([status, text], ['ok', 'The sum was a difference. It is repaired and checked.']);
      assert.equal(sum, 'module.exports = (left, right) => left + right;\n');
      assert.equal(requests.length, 4);
      for (const request of requests) assert.match(request.body, one.image);
      if (one.thought) for (const request of requests.slice(1)) assert.match(request.body, one.thought);
      else assert.doesNotMatch(requests.at(-1)?.body ?? '', /Two files to read/);
    });
});
