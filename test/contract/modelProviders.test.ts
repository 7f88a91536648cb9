import { strict as assert } from 'node:assert';
import { LLMock } from '@copilotkit/aimock';
import type { ModelError, ModelProvider } from '../../src/core/model/provider';
import { streamWithRetry } from '../../src/core/model/streamWithRetry';
import type { ModelConnection } from '../../src/node/models/connection';
import { openModel } from '../../src/node/models/providers';
import { chunksOfType, message, readAll, request, result, text, textOfChunks, use } from '../support/streams';

const signal = (): AbortSignal => new AbortController().signal;

type Named = Pick<ModelConnection, 'vendor' | 'model' | 'api'> & { readonly name: string; readonly path?: string };

/** Everything here holds for every wire format. */
const wires: readonly Named[] = [
  { name: 'Anthropic Messages', vendor: 'anthropic', model: 'claude-sonnet-5-5' },
  { name: 'OpenAI Chat Completions', vendor: 'openai', model: 'gpt-4.1' },
  { name: 'OpenAI Responses', vendor: 'openai', model: 'gpt-4.1', api: 'responses' },
  { name: 'Google Gemini', vendor: 'google', model: 'gemini-2.0-flash', path: '/v1beta' },
  { name: 'Ollama', vendor: 'ollama', model: 'qwen3' },
  { name: 'an OpenAI-compatible endpoint', vendor: 'openai-compatible', model: 'local-model' },
];

for (const { name, path = '/v1', ...connection } of wires)
  describe(`A model behind ${name}`, () => {
    const mock = new LLMock({ port: 0 });
    let model: ModelProvider;

    before(async () => {
      await mock.start();
      model = await openModel({ ...connection, apiKey: 'test-key', baseUrl: `${mock.url}${path}` });
    });
    beforeEach(() => mock.reset());
    after(() => mock.stop());

    /** Gemini ends every answer with STOP, its calls or not; aimock says otherwise. */
    const ending = connection.vendor === 'google' ? { finishReason: 'stop' } : {};

    /** The body of the last request as it went over the wire. */
    const lastBody = (): string => JSON.stringify(mock.getLastRequest()?.body);

    it('streams text in pieces and finishes with stop', async () => {
      mock.onMessage('hello', { content: 'Good morning to you, and to your tests.' }, { chunkSize: 8 });
      const { chunks, error } = await readAll(model.stream(request([message('user', text('hello'))]), signal()));
      assert.equal(error, undefined);
      assert.equal(textOfChunks(chunks), 'Good morning to you, and to your tests.');
      assert.ok(chunksOfType(chunks, 'text').length > 2);
      assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'stop' });
    });

    it('reports what the vendor counted, and no cost', async () => {
      const counted = { input_tokens: 40, output_tokens: 7, prompt_tokens: 40, completion_tokens: 7, total_tokens: 47 };
      mock.onMessage('hello', { content: 'Hi', usage: counted });
      const { chunks } = await readAll(model.stream(request([message('user', text('hello'))]), signal()));
      const usage = chunksOfType(chunks, 'usage')[0]?.usage;
      assert.deepEqual(usage, {
        inputTokens: 40,
        outputTokens: 7,
        totalTokens: 47,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
      });
    });

    it('delivers a tool call with its arguments as the text they came as', async () => {
      mock.onMessage('read', {
        toolCalls: [{ name: 'fs_read', arguments: '{"path":"a $& b.ts"}', id: 'call_1' }],
        ...ending,
      });
      const { chunks } = await readAll(model.stream(request([message('user', text('read'))]), signal()));
      const calls = chunksOfType(chunks, 'tool_call');
      assert.deepEqual(
        calls.map(({ id, name, input }) => ({ id, name, input })),
        [{ id: 'call_1', name: 'fs_read', input: '{"path":"a $& b.ts"}' }],
      );
      assert.deepEqual(chunksOfType(chunks, 'tool_call_start'), [
        { type: 'tool_call_start', id: 'call_1', name: 'fs_read' },
      ]);
      assert.equal(
        chunksOfType(chunks, 'tool_call_delta')
          .map((chunk) => chunk.delta)
          .join(''),
        '{"path":"a $& b.ts"}',
      );
      assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'tool_calls' });
    });

    it('delivers parallel tool calls in their order, after the text before them', async () => {
      mock.onMessage('read both', {
        content: 'Looking.',
        toolCalls: [
          { name: 'fs_read', arguments: '{"path":"a.ts"}', id: 'call_a' },
          { name: 'fs_read', arguments: '{"path":"b.ts"}', id: 'call_b' },
        ],
        ...ending,
      });
      const { chunks } = await readAll(model.stream(request([message('user', text('read both'))]), signal()));
      assert.equal(textOfChunks(chunks), 'Looking.');
      assert.deepEqual(
        chunksOfType(chunks, 'tool_call').map(({ id, input }) => [id, input]),
        [
          ['call_a', '{"path":"a.ts"}'],
          ['call_b', '{"path":"b.ts"}'],
        ],
      );
    });

    it('carries the results of both calls back, each to its own', async () => {
      mock.on({ toolResultContains: 'text of b' }, { content: 'They differ.' });
      const history = [
        message('user', text('compare')),
        message(
          'assistant',
          text('Looking.'),
          use('call_a', 'fs_read', { path: 'a.ts' }),
          use('call_b', 'fs_read', { path: 'b.ts' }),
        ),
        message('user', result('call_a', 'text of a'), result('call_b', 'text of b')),
      ];
      const { chunks, error } = await readAll(model.stream(request(history), signal()));
      assert.equal(error, undefined);
      assert.equal(textOfChunks(chunks), 'They differ.');
      const body = lastBody();
      for (const part of ['call_a', 'call_b', 'text of a', 'text of b', 'a.ts', 'b.ts', 'You are a test.'])
        assert.ok(body.includes(part), part);
    });

    it('tells a wrong key with status, words and what to do', async () => {
      mock.nextRequestError(401, { message: 'Incorrect API key provided: test-key', type: 'authentication_error' });
      const { error } = await readAll(model.stream(request([message('user', text('hello'))]), signal()));
      const failure = error as ModelError;
      assert.equal(failure.code, 'authentication');
      assert.equal(failure.name, 'AuthenticationError');
      assert.match(failure.message, /status 401.*Incorrect API key/);
      assert.doesNotMatch(failure.message, /test-key/);
      assert.match(failure.advice, /Set API Key/);
    });

    it('tells a rate limit with how long the vendor asks to wait', async () => {
      mock.on({}, { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 12 });
      const { error } = await readAll(model.stream(request([message('user', text('hello'))]), signal()));
      const failure = error as ModelError;
      assert.deepEqual([failure.code, failure.retryable, failure.retryAfterMs], ['rate_limit', true, 12_000]);
    });

    it('is tried again after a 500 and then answers', async () => {
      mock.onMessage('hello', { content: 'Back again' });
      mock.nextRequestError(500, { message: 'Internal hiccup', type: 'api_error' });
      const told: string[] = [];
      const { chunks, error } = await readAll(
        streamWithRetry(model, request([message('user', text('hello'))]), {
          signal: signal(),
          config: { baseDelayMs: 1 },
          onRetry: (failure) => told.push(`${failure.code}: ${failure.message}`),
        }),
      );
      assert.equal(error, undefined);
      assert.equal(textOfChunks(chunks), 'Back again');
      assert.equal(told.length, 1);
      assert.match(told[0] ?? '', /^service_unavailable: .*status 500: Internal hiccup/);
    });
  });
