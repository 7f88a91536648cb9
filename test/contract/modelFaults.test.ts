import { strict as assert } from 'node:assert';
import { ModelError, type ModelProvider } from '../../src/core/model/provider';
import { streamWithRetry } from '../../src/core/model/streamWithRetry';
import { openModel } from '../../src/node/models/providers';
import { startFaultServer, type Fault, type FaultServer } from '../support/faultServer';
import { chunksOfType, message, readAll, request, text, textOfChunks, type Read } from '../support/streams';
import { localWire, wires } from '../support/wires';

const question = request([message('user', text('hello'))]);

function assertTwoCalls({ chunks, error }: Read): void {
  assert.equal(error, undefined);
  assert.equal(
    chunksOfType(chunks, 'reasoning')
      .map((chunk) => chunk.delta)
      .join(''),
    'Hm ✓',
  );
  assert.equal(textOfChunks(chunks), 'Looking ✓');
  assert.deepEqual(
    chunksOfType(chunks, 'tool_call').map((call) => JSON.parse(call.input) as unknown),
    [{ path: 'a.txt' }, { path: 'b ✓.txt' }],
  );
  assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'tool_calls' });
}

for (const wire of [...wires, localWire])
  describe(`Faults of ${wire.name}`, () => {
    let server: FaultServer;
    let model: ModelProvider;
    beforeEach(async () => {
      server = await startFaultServer();
      const baseUrl = `${server.url}${wire.path}`;
      model = await openModel({ ...wire.connection, apiKey: 'sk-secret-1234567890', baseUrl });
    });
    afterEach(() => server.stop());
    const never = new AbortController().signal;

    const read = (fault: Fault, idleTimeoutMs = 5_000): Promise<Read> => {
      server.answer(fault);
      return readAll(
        streamWithRetry(model, question, {
          signal: never,
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
          const answer = await read({ body: wire.half, oneByte, end: 'stall' }, 100);
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

        it('thinking, text and two calls arrive whole', async () => {
          assertTwoCalls(await read({ body: wire.twoCalls, oneByte }));
        });

        it('lines may end as on Windows', async () => {
          assertTwoCalls(await read({ body: wire.twoCalls.replaceAll('\n', '\r\n'), oneByte }));
        });

        if (wire.truncatedCall !== undefined)
          it('a tool call with cut-off arguments comes as the text it is, and finishes with length', async () => {
            const { chunks, error } = await read({ body: wire.truncatedCall ?? '', oneByte });
            assert.equal(error, undefined);
            assert.deepEqual(
              chunksOfType(chunks, 'tool_call').map((call) => call.input),
              ['{"path":"a.t'],
            );
            assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'length' });
          });
      });

    const answers: readonly (readonly [what: string, fault: Fault, code: string, retryAfterMs?: number])[] = [
      [
        '429 with retry-after in seconds',
        { status: 429, body: wire.tooFast, headers: { 'retry-after': '7' } },
        'rate_limit',
        7_000,
      ],
      ['529', { status: 529, body: '{"error":{"message":"Overloaded"}}' }, 'service_unavailable'],
      ['500', { status: 500, body: '{"error":{"message":"Oops"}}' }, 'service_unavailable'],
      ['401', { status: 401, body: '{"error":{"message":"Bad key sk-secret-1234567890"}}' }, 'authentication'],
      ['402', { status: 402, body: '{"error":{"message":"Pay first"}}' }, 'quota_exceeded'],
      ['400 for too long a conversation', { status: 400, body: wire.tooLong }, 'context_length'],
      ['400', { status: 400, body: '{"error":{"message":"Unknown parameter"}}' }, 'invalid_request'],
    ];
    for (const [what, fault, code, retryAfterMs] of answers)
      it(`${what} is ${code}`, async () => {
        const answer = await read({ headers: { 'content-type': 'application/json' }, ...fault });
        assert.deepEqual([failure(answer).code, failure(answer).retryAfterMs], [code, retryAfterMs]);
        assert.deepEqual(answer.chunks, []);
      });

    it('429 with a date as retry-after is waited for and then tried again', async () => {
      const date = new Date(Date.now() + 30_000).toUTCString();
      server.answer({ status: 429, body: wire.tooFast, headers: { 'retry-after': date } }, { body: wire.whole });
      const waited: number[] = [];
      const ports = { sleep: (ms: number) => Promise.resolve(void waited.push(ms)), random: () => 0.5 };
      const { chunks, error } = await readAll(streamWithRetry(model, question, { signal: never, ports }));
      assert.equal(error, undefined);
      assert.equal(textOfChunks(chunks), 'whole ✓');
      assert.ok(waited.length === 1 && waited[0]! > 25_000 && waited[0]! <= 31_000, `waited ${waited.join()}`);
    });

    if (wire === localWire)
      it('a server that only comments while its model thinks is not taken for dead', async () => {
        const before = { text: ': still thinking\n\n', times: 7, everyMs: 100 };
        assert.equal((await read({ before, body: wire.whole }, 450)).error, undefined);
      });

    it('a tool call that is cut off with its stream ends in a cut and never in a finish', async () => {
      const answer = await read({ body: wire.cutCall });
      assert.equal(failure(answer).code, 'stream_cut');
      assert.deepEqual(chunksOfType(answer.chunks, 'finish'), []);
      for (const call of chunksOfType(answer.chunks, 'tool_call')) assert.match(call.input, /^\{"path":"a\.t/);
    });

    it('a finish reason that nobody knows is not taken for a good end', async () => {
      const answer = await read({ body: wire.unknownEnd });
      assert.ok(['invalid_response', 'stream_cut'].includes(failure(answer).code));
      assert.match(failure(answer).message, /moonrise/i);
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
        }, 60);
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
