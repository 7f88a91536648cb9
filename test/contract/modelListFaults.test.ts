import { strict as assert } from 'node:assert';
import { ModelError } from '../../src/core/model/provider';
import { listModels } from '../../src/node/models/modelLists';
import { startJsonServer, type JsonAnswer } from '../support/jsonServer';
import { listKey, useListServer } from '../support/listServer';
import { neverAborted, refusalOf } from '../support/refusal';

describe('What is no list of models', () => {
  const bench = useListServer();

  const failure = async (code: string, vendor = 'openai', signal = neverAborted): Promise<ModelError> => {
    const source = {
      vendor,
      baseUrl: `${bench.server.url}/v1`,
      apiKey: listKey,
      headers: { 'x-own': 'own-secret-99' },
    };
    const error = await refusalOf(code, listModels(source, signal));
    assert.ok(error instanceof ModelError);
    assert.doesNotMatch(
      `${error.message} ${error.advice} ${JSON.stringify(error)} ${String(error.cause)}`,
      /sk-secret|own-secret/,
    );
    return error;
  };
  const everywhere = (answer: JsonAnswer): Parameters<typeof startJsonServer>[0] =>
    Object.fromEntries(['/v1/models', '/api/tags', '/api/v0/models'].map((path) => [path, answer]));

  for (const vendor of ['openai', 'anthropic', 'google', 'openrouter', 'ollama', 'lmstudio'])
    it(`is refused whatever the server sends in its place (${vendor})`, async () => {
      for (const json of [
        null,
        5,
        'text',
        {},
        { data: 'x', models: 'x' },
        { data: {}, models: {} },
        { data: [1, 'x'], models: [[]] },
      ]) {
        await bench.serve(everywhere({ json }));
        await failure('invalid_response', vendor);
        await bench.server.stop();
      }
      await bench.serve({});
    });

  it('tells of a web page by its title, and of what is cut off', async () => {
    await bench.serve(
      everywhere({ text: '<!doctype html><title>Sign in</title>', headers: { 'content-type': 'text/html' } }),
    );
    assert.match((await failure('invalid_response')).message, /Sign in/);
    await bench.server.stop();
    await bench.serve(everywhere({ text: '{"data":[{"id":"a"}' }));
    assert.match((await failure('invalid_response')).advice, /countersign\.endpoints/);
  });

  it('tells of a wrong key, without the key that the vendor quotes', async () => {
    const message = `Incorrect API key provided: ${listKey}, own-secret-99`;
    await bench.serve(everywhere({ status: 401, json: { error: { message } } }));
    const error = await failure('authentication');
    assert.match(error.message, /OpenAI answered with status 401: Incorrect API key provided: \[key\]/);
    assert.match(error.advice, /Set API Key/);
  });

  it('tells of an endpoint without a list', async () => {
    await bench.serve({});
    const error = await failure('invalid_response');
    assert.match(error.message, /has no list of models/);
    assert.match(error.advice, /type the name/);
  });

  it('tells of too many requests and how long to wait', async () => {
    await bench.serve(everywhere({ status: 429, headers: { 'retry-after': '7' }, json: {} }));
    assert.equal((await failure('rate_limit')).retryAfterMs, 7_000);
  });

  it('follows no redirect, which would carry the key elsewhere', async () => {
    const elsewhere = await startJsonServer({ '/v1/models': { json: { data: [{ id: 'm' }] } } });
    await bench.serve(everywhere({ status: 302, headers: { location: `${elsewhere.url}/v1/models` } }));
    assert.match((await failure('invalid_response')).message, /redirect/);
    assert.equal(elsewhere.requests.length, 0);
    await elsewhere.stop();
  });

  it('reads no more than 4 MB', async () => {
    await bench.serve(everywhere({ text: `{"data":[{"id":"${'x'.repeat(5_000_000)}`, stall: true }));
    assert.match((await failure('invalid_response')).message, /more than 4 MB/);
  });

  it('tells of a server that is not there', async () => {
    await bench.serve({});
    await bench.server.stop();
    for (const vendor of ['openai', 'ollama', 'lmstudio', 'llamacpp'])
      assert.match((await failure('network', vendor)).advice, /^Start /);
  });

  it('does not wait for ever, and not for one page after the other either', async () => {
    const source = { timeoutMs: 200 };
    await bench.serve(everywhere({ text: '{"data":[', stall: true }));
    const error = await refusalOf('timeout', bench.list('openai', source));
    assert.match(error.message, /OpenAI \(http.*\) did not answer in 0\.2 seconds/);
    await bench.server.stop();
    let page = 0;
    await bench.serve({
      '/v1/models': async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return { json: { data: [{ id: `m${++page}` }], has_more: true, last_id: `m${page}` } };
      },
    });
    await refusalOf('timeout', bench.list('anthropic', source));
    assert.ok(page <= 5, `${page} pages`);
  });

  it('ends within 100 ms of an abort, with its reason', async () => {
    await bench.serve(everywhere({ text: '{"data":[', stall: true }));
    for (const vendor of ['openai', 'ollama', 'lmstudio']) {
      const stop = new AbortController();
      const started = performance.now();
      const work = listModels({ vendor, baseUrl: `${bench.server.url}/v1` }, stop.signal);
      setTimeout(() => stop.abort(new Error('enough')), 50);
      await assert.rejects(work, /enough/);
      assert.ok(performance.now() - started < 50 + 100 + 50);
    }
  });
});
