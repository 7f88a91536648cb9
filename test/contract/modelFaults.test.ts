import { strict as assert } from 'node:assert';
import { ModelError, type ModelProvider } from '../../src/core/model/provider';
import { streamWithRetry } from '../../src/core/model/streamWithRetry';
import { openModel } from '../../src/node/models/providers';
import { startFaultServer, type Fault, type FaultServer } from '../support/faultServer';
import { anthropic, anthropicSse, openAi, sse } from '../support/sse';
import { chunksOfType, message, readAll, request, text, textOfChunks, type Read } from '../support/streams';

const question = request([message('user', text('hello'))]);

/** The same faults in each vendor's words. */
const wires = [
  {
    name: 'Anthropic Messages',
    vendor: 'anthropic',
    half: anthropicSse(
      anthropic.start,
      anthropic.block(0, { type: 'text', text: '' }),
      anthropic.delta(0, { type: 'text_delta', text: 'half' }),
    ),
    whole: anthropicSse(anthropic.start, ...anthropic.text(0, 'whole ✓'), ...anthropic.end('end_turn')),
    overloaded: anthropicSse({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded, come back' },
    } as { type: string }),
    truncatedCall: anthropicSse(
      anthropic.start,
      anthropic.block(0, { type: 'tool_use', id: 'toolu_1', name: 'fs_read', input: {} }),
      anthropic.delta(0, { type: 'input_json_delta', partial_json: '{"path":"a.t' }),
      anthropic.stop(0),
      ...anthropic.end('max_tokens'),
    ),
    cutCall: anthropicSse(
      anthropic.start,
      anthropic.block(0, { type: 'tool_use', id: 'toolu_1', name: 'fs_read', input: {} }),
      anthropic.delta(0, { type: 'input_json_delta', partial_json: '{"path":"a.t' }),
    ),
    unknownEnd: anthropicSse(anthropic.start, ...anthropic.text(0, 'x'), ...anthropic.end('moonrise')),
    filtered: anthropicSse(anthropic.start, ...anthropic.text(0, 'x'), ...anthropic.end('refusal')),
  },
  {
    name: 'OpenAI Chat Completions',
    vendor: 'openai',
    half: sse(openAi.delta({ role: 'assistant', content: 'half' })),
    whole: sse(
      openAi.delta({ role: 'assistant', content: 'whole ✓' }),
      openAi.delta({}, 'stop'),
      openAi.usage,
      '[DONE]',
    ),
    overloaded: sse({ error: { message: 'Overloaded, come back', type: 'server_error', code: 502 } }),
    truncatedCall: sse(
      openAi.delta({
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'fs_read', arguments: '{"path"' } }],
      }),
      openAi.delta({ tool_calls: [{ index: 0, function: { arguments: ':"a.t' } }] }),
      openAi.delta({}, 'length'),
      '[DONE]',
    ),
    cutCall: sse(
      openAi.delta({
        tool_calls: [
          { index: 0, id: 'call_1', type: 'function', function: { name: 'fs_read', arguments: '{"path":"a.t' } },
        ],
      }),
    ),
    unknownEnd: sse(openAi.delta({ content: 'x' }), openAi.delta({}, 'moonrise'), '[DONE]'),
    filtered: sse(openAi.delta({ content: 'x' }), openAi.delta({}, 'content_filter'), '[DONE]'),
  },
] as const;

for (const wire of wires)
  describe(`Faults of ${wire.name}`, () => {
    let server: FaultServer;
    let model: ModelProvider;
    beforeEach(async () => {
      server = await startFaultServer();
      model = await openModel({
        vendor: wire.vendor,
        model: 'm-1',
        apiKey: 'sk-secret-1234567890',
        baseUrl: `${server.url}/v1`,
      });
    });
    afterEach(() => server.stop());

    const read = (fault: Fault, idleTimeoutMs = 5_000): Promise<Read> => {
      server.answer(fault);
      return readAll(
        streamWithRetry(model, question, {
          signal: new AbortController().signal,
          config: { maxRetries: 0 },
          idleTimeoutMs,
        }),
      );
    };
    const failure = ({ error }: Read): ModelError => {
      assert.ok(error instanceof ModelError, 'the stream must fail with a ModelError');
      assert.doesNotMatch(error.message + JSON.stringify(error), /sk-secret/);
      assert.notEqual(error.advice, '');
      return error;
    };

    for (const oneByte of [false, true])
      describe(oneByte ? 'split at every byte' : 'in one piece', () => {
        it('a healthy answer arrives unharmed', async () => {
          const answer = await read({ body: wire.whole, oneByte });
          assert.equal(answer.error, undefined);
          assert.equal(textOfChunks(answer.chunks), 'whole ✓');
          assert.deepEqual(answer.chunks.at(-1), { type: 'finish', reason: 'stop' });
          const usage = chunksOfType(answer.chunks, 'usage')[0]?.usage;
          assert.deepEqual([usage?.inputTokens, usage?.outputTokens, usage?.cacheReadTokens], [60, 5, 30]);
        });

        it("an error event in mid-stream keeps the text and tells the vendor's words", async () => {
          const answer = await read({ body: wire.half + wire.overloaded, oneByte });
          assert.equal(textOfChunks(answer.chunks), 'half');
          assert.equal(failure(answer).code, 'service_unavailable');
          assert.match(failure(answer).message, /Overloaded, come back/);
        });

        it('an error event as the first event is told too', async () => {
          const answer = await read({ body: wire.overloaded, oneByte });
          assert.equal(failure(answer).code, 'service_unavailable');
          assert.match(failure(answer).message, /Overloaded, come back/);
        });

        it('a clean end in mid-answer is a cut', async () => {
          const answer = await read({ body: wire.half, oneByte });
          assert.equal(textOfChunks(answer.chunks), 'half');
          assert.equal(failure(answer).code, 'stream_cut');
        });

        it('a reset connection in mid-answer is a network failure', async () => {
          const answer = await read({ body: wire.half, oneByte, end: 'reset' });
          assert.equal(failure(answer).code, 'network');
          assert.match(failure(answer).message, /127\.0\.0\.1/);
        });

        it('silence in mid-answer is a time-out, and the request is closed', async () => {
          const answer = await read({ body: wire.half, oneByte, end: 'stall' }, 150);
          assert.equal(textOfChunks(answer.chunks), 'half');
          assert.equal(failure(answer).code, 'timeout');
          await server.closed;
        });

        it('garbage in the stream is not taken for an answer', async () => {
          const answer = await read({ body: 'data: {"this is": not json\n\n', oneByte });
          assert.equal(failure(answer).code, 'invalid_response');
        });

        it('a web page instead of a stream is named with its title', async () => {
          const page = '<!doctype html><html><head><title>Hotel Wi-Fi: sign in</title></head><body>hi</body></html>';
          const answer = await read({ body: page, headers: { 'content-type': 'text/html; charset=utf-8' }, oneByte });
          assert.equal(failure(answer).code, 'invalid_response');
          assert.match(failure(answer).message, /Hotel Wi-Fi: sign in/);
          assert.match(failure(answer).advice, /countersign\.endpoints/);
        });

        it('a web page with an error status is quoted by its title', async () => {
          const page = '<html><head><title>502 Bad Gateway</title></head></html>';
          const answer = await read({ status: 502, body: page, headers: { 'content-type': 'text/html' }, oneByte });
          assert.equal(failure(answer).code, 'service_unavailable');
          assert.match(failure(answer).message, /status 502: a web page titled "502 Bad Gateway"/);
        });

        it('a tool call with cut-off arguments comes as the text it is, and finishes with length', async () => {
          const { chunks, error } = await read({ body: wire.truncatedCall, oneByte });
          assert.equal(error, undefined);
          assert.deepEqual(
            chunksOfType(chunks, 'tool_call').map((call) => call.input),
            ['{"path":"a.t'],
          );
          assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'length' });
        });
      });

    it('a tool call that is cut off with its stream ends in a cut and never in a finish', async () => {
      const answer = await read({ body: wire.cutCall });
      assert.equal(failure(answer).code, 'stream_cut');
      assert.deepEqual(chunksOfType(answer.chunks, 'finish'), []);
      for (const call of chunksOfType(answer.chunks, 'tool_call')) assert.equal(call.input, '{"path":"a.t');
    });

    it('a finish reason that nobody knows is not taken for a good end', async () => {
      const answer = await read({ body: wire.unknownEnd });
      assert.ok(['invalid_response', 'stream_cut'].includes(failure(answer).code));
      assert.match(failure(answer).message, /moonrise/);
    });

    it('a filtered answer says so', async () => {
      const { chunks } = await read({ body: wire.filtered });
      assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'content_filter' });
    });

    it('nothing at all is a cut', async () => {
      assert.equal(failure(await read({ body: '' })).code, 'stream_cut');
    });

    it('a redirect is not followed: it would carry the key away', async () => {
      const answer = await read({ status: 307, body: '', headers: { location: 'http://127.0.0.1:9/elsewhere' } });
      assert.equal(failure(answer).code, 'invalid_response');
      assert.match(failure(answer).message, /redirect to http:\/\/127\.0\.0\.1:9/);
    });

    it('a server that is not there is told with the address and what to do', async () => {
      await server.stop();
      const answer = await readAll(model.stream(question, new AbortController().signal));
      assert.equal(failure(answer).code, 'network');
      assert.match(failure(answer).message, /127\.0\.0\.1.*ECONNREFUSED/);
      assert.match(failure(answer).advice, /^Start /);
    });

    for (const when of ['before the first byte', 'in mid-answer'] as const)
      it(`an abort ${when} ends the stream and the request within 100 ms`, async () => {
        server.answer({ body: when === 'in mid-answer' ? wire.half : '', end: 'stall' });
        const controller = new AbortController();
        let abortedAt = 0;
        setTimeout(() => {
          abortedAt = performance.now();
          controller.abort(new Error('stopped by hand'));
        }, 150);
        const { error } = await readAll(model.stream(question, controller.signal));
        assert.equal((error as Error).message, 'stopped by hand');
        assert.ok(performance.now() - abortedAt < 100);
        assert.ok((await server.closed) - abortedAt < 100);
      });

    it('leaving the loop closes the request', async () => {
      server.answer({ body: wire.half, end: 'stall' });
      for await (const chunk of model.stream(question, new AbortController().signal)) {
        assert.deepEqual(chunk, { type: 'text', delta: 'half' });
        break;
      }
      await server.closed;
    });
  });
