import { strict as assert } from 'node:assert';
import type { ModelProvider } from '../../src/core/model/provider';
import { scriptedModel } from '../../src/core/model/scripted';
import type { ModelTest } from '../../src/core/protocol/models';
import { openModel } from '../../src/node/models/providers';
import { testModel } from '../../src/node/models/testModel';
import { startFaultServer, type Fault, type FaultServer } from '../support/faultServer';
import { startMockModels, type MockModels } from '../support/mockModels';
import { neverAborted } from '../support/refusal';
import { anthropic, anthropicSse, openAi, sse } from '../support/sse';

const key = 'sk-secret-1234567890';

describe('The test of a connection', () => {
  let mock: MockModels;
  let server: FaultServer;
  beforeEach(async () => {
    [mock, server] = await Promise.all([startMockModels(), startFaultServer()]);
  });
  afterEach(() => Promise.all([mock.stop(), server.stop()]));

  const open = (vendor: string, model: string, url = server.url): Promise<ModelProvider> =>
    openModel({ vendor, model, apiKey: key, baseUrl: `${url}/v1` });
  const test = async (
    fault: Fault,
    vendor = 'openai',
    model = 'gpt-5.4',
    timeoutMs = fault.end === 'stall' ? 600 : 10_000, // The first call of a vendor's code takes its time.
  ): Promise<ModelTest> => {
    server.answer(fault);
    return testModel(await open(vendor, model), neverAborted, { timeoutMs });
  };
  const failure = (outcome: ModelTest): Extract<ModelTest, { readonly ok: false }> => {
    assert.ok(!outcome.ok, 'it should have failed');
    assert.doesNotMatch(JSON.stringify(outcome), /sk-secret/);
    assert.notEqual(outcome.advice, '');
    return outcome;
  };

  for (const [vendor, model, input] of [
    ['anthropic', 'claude-sonnet-5-5', 2],
    ['openai', 'gpt-5.4', 2.5],
    ['deepseek', 'unheard-of', undefined],
  ] as const)
    it(`tells how long it took, the window, and the price or that nobody knows it (${vendor})`, async () => {
      mock.server.onMessage(/OK/, { content: 'OK' });
      const outcome = await testModel(await open(vendor, model, mock.server.url), neverAborted);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      assert.deepEqual([outcome.model, outcome.price?.input], [model, input]);
      assert.ok(outcome.windowTokens >= 128_000);
      assert.ok(outcome.firstMs >= 0 && outcome.firstMs <= outcome.totalMs);
    });

  it('is one small request without tools, with room for a thought where the model has some', async () => {
    const sent = async (vendor: string, model: string): Promise<Record<string, unknown>> => {
      await test({ body: 'nothing' }, vendor, model);
      return JSON.parse(server.requests.at(-1)?.body ?? '{}') as Record<string, unknown>;
    };
    const thinking = await sent('anthropic', 'claude-sonnet-5-5');
    assert.deepEqual([thinking['max_tokens'], thinking['tools']], [2_048, undefined]);
    const plain = await sent('openai', 'gpt-4o');
    assert.equal(plain['max_tokens'] ?? plain['max_completion_tokens'], 256);
    assert.equal(plain['tools'], undefined);
    assert.equal(server.requests.length, 2, 'each was sent once, though both failed');
    assert.ok((server.requests[0]?.body.length ?? 0) < 1_000);
  });

  it('is passed by an answer that was longer than asked for, and by one that is only thought', async () => {
    const long = sse(openAi.delta({ content: 'OK, well' }), openAi.delta({}, 'length'), '[DONE]');
    assert.equal((await test({ body: long })).ok, true);
    const thought = anthropicSse(anthropic.start, ...anthropic.end('max_tokens'));
    assert.equal((await test({ body: thought }, 'anthropic', 'claude-sonnet-5-5')).ok, true);
  });

  it('does not wait for the connection to end after the answer has', async () => {
    const whole = anthropicSse(anthropic.start, ...anthropic.text(0, 'OK'), ...anthropic.end('end_turn'));
    const outcome = await test({ body: whole, end: 'stall' }, 'anthropic', 'claude-sonnet-5-5', 10_000);
    assert.ok(outcome.ok && outcome.totalMs < 9_000);
  });

  const half = sse(openAi.delta({ content: 'O' }));
  const faults: readonly (readonly [name: string, code: string, fault: Fault, says: RegExp])[] = [
    ['a wrong key', 'authentication', { status: 401, body: `{"error":{"message":"No: ${key}"}}` }, /401/],
    ['an account without credit', 'quota_exceeded', { status: 402, body: '{}' }, /402/],
    ['an unknown model', 'model_not_found', { status: 404, body: '{"error":{"message":"no gpt-5.4"}}' }, /no gpt-5\.4/],
    ['too many requests', 'rate_limit', { status: 429, headers: { 'retry-after': '1' }, body: '{}' }, /429/],
    ['a vendor that is down', 'service_unavailable', { status: 503, body: 'down' }, /down/],
    ['a sign-in page', 'invalid_response', { headers: { 'content-type': 'text/html' }, body: '<html>' }, /web page/],
    ['an answer that is cut off', 'stream_cut', { body: half }, /middle/],
    ['a connection that breaks', 'network', { body: half, end: 'reset' }, /connection/i],
    ['silence in mid-answer', 'timeout', { body: half, end: 'stall' }, /0\.6 seconds/],
    ['a refusal to answer', 'content_filter', { body: sse(openAi.delta({}, 'content_filter'), '[DONE]') }, /harmless/],
  ];
  for (const [name, code, fault, says] of faults)
    it(`tells of ${name} and what to do, after one try`, async () => {
      const outcome = failure(await test(fault));
      assert.equal(outcome.code, code, outcome.message);
      assert.match(outcome.message, says);
      assert.equal(server.requests.length, 1);
    });

  it('tells of a server that is not there', async () => {
    await server.stop();
    const outcome = failure(await testModel(await open('ollama', 'qwen3'), neverAborted));
    assert.equal(outcome.code, 'network');
    assert.match(outcome.advice, /Start Ollama/);
  });

  it('tells of a failure that nobody has foreseen', async () => {
    const broken = {
      ...scriptedModel([]),
      stream: () => {
        throw new TypeError('x is not a function');
      },
    };
    assert.deepEqual([failure(await testModel(broken, neverAborted)).code], ['unknown']);
  });

  it('ends with the reason of an abort, at once', async () => {
    server.answer({ body: half, end: 'stall' });
    const stop = new AbortController();
    const work = testModel(await open('openai', 'gpt-5.4'), stop.signal);
    const startedAt = performance.now();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await assert.rejects(work, /enough/);
    assert.ok(performance.now() - startedAt < 200);
    await assert.rejects(testModel(await open('openai', 'gpt-5.4'), stop.signal), /enough/);
  });
});
