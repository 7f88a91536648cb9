import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import { ModelError } from '../../src/core/model/provider';
import { streamWithRetry } from '../../src/core/model/streamWithRetry';
import { openModel } from '../../src/node/models/providers';
import { dependenciesFor, workspaceWith } from '../support/agents';
import { startFaultServer } from '../support/faultServer';
import { trials } from '../support/share';
import { chunksOfType, message, readAll, request, text, textOfChunks } from '../support/streams';
import { wires, type Wire } from '../support/wires';

const question = request([message('user', text('hello'))]);

/** A longer stream is cut at every second byte, or third, ...; the long run takes each. */
const maxCuts = trials(350, 100_000);

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
      const step = Math.ceil(whole.length / maxCuts);
      for (length = 0; length < whole.length; length += step) {
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
    }).timeout(20_000);
});

describe('A turn whose model is cut off in a call', () => {
  for (const wire of wires)
    for (const end of ['end', 'reset'] as const)
      it(`runs nothing, keeps no error in the history and goes on with the next message (${wire.name}, ${end})`, async () => {
        const workspace = await workspaceWith({ 'a.txt': 'the text of a' });
        const server = await startFaultServer();
        try {
          server.answer({ body: wire.cutCall, end }, { body: wire.whole });
          const agent = await agentOn(wire, `${server.url}${wire.path}`, workspace);
          const first = await agent.complete('Read a.txt.');
          assert.equal(first.status, 'failed');
          const second = await agent.complete('And now?');
          assert.deepEqual([second.status, second.text], ['ok', 'whole ✓']);
          const sent = server.requests.at(-1)?.body ?? '';
          assert.doesNotMatch(sent, /ended its answer|the text of a|"fs_read","input"|call_1|toolu_1/);
          assert.match(sent, /Read a\.txt.*And now\?/s);
          assert.equal(await readFile(workspace.file('a.txt'), 'utf8'), 'the text of a');
          await agent[Symbol.asyncDispose]();
        } finally {
          await server.stop();
          await workspace.remove();
        }
      });
});

async function agentOn(
  wire: Wire,
  baseUrl: string,
  workspace: Awaited<ReturnType<typeof workspaceWith>>,
): Promise<Agent> {
  const model = await openModel({ ...wire.connection, apiKey: 'k', baseUrl });
  return Agent.create(
    { templateId: 'test' },
    { ...dependenciesFor({ script: [], workspace }), modelFactory: () => model, retry: { maxRetries: 0 } },
  );
}
