import { strict as assert } from 'node:assert';
import { ModelError } from '../../src/core/model/provider';
import { streamWithRetry } from '../../src/core/model/streamWithRetry';
import { openModel } from '../../src/node/models/providers';
import { chunksOfType, message, readAll, request, text, textOfChunks } from '../support/streams';
import { wires } from '../support/wires';

const question = request([message('user', text('hello'))]);

describe('An answer that is cut off', () => {
  const { fetch } = globalThis;
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  for (const wire of wires)
    it(`at any byte is told as cut and gives no finish (${wire.name})`, async () => {
      const whole = new TextEncoder().encode(wire.twoCalls);
      let length = whole.length;
      globalThis.fetch = () =>
        Promise.resolve(new Response(whole.slice(0, length), { headers: { 'content-type': 'text/event-stream' } }));
      const model = await openModel({ ...wire.connection, apiKey: 'k', baseUrl: `http://127.0.0.1:9${wire.path}` });
      const seen = new Set<string>();
      for (length = 0; length < whole.length; length++) {
        const signal = new AbortController().signal;
        const { chunks, error } = await readAll(
          streamWithRetry(model, question, { signal, config: { maxRetries: 0 } }),
        );
        const where = `after ${length} of ${whole.length} bytes`;
        if (error === undefined) {
          // What is missing says nothing more: the reason of the end had come already.
          assert.deepEqual(chunks.at(-1), { type: 'finish', reason: 'tool_calls' }, where);
          assert.equal(textOfChunks(chunks), 'Looking ✓', where);
          const inputs = chunksOfType(chunks, 'tool_call').map((call) => call.input);
          assert.deepEqual(inputs, ['{"path":"a.txt"}', '{"path":"b ✓.txt"}'], where);
          seen.add('whole');
        } else {
          assert.ok(error instanceof ModelError, where);
          assert.equal(error.code, 'stream_cut', where);
          assert.deepEqual(chunksOfType(chunks, 'finish'), [], where);
          seen.add('cut');
        }
      }
      assert.ok(seen.has('cut'), 'the test must see cuts');
    }).timeout(60_000);
});
