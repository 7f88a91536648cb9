import { strict as assert } from 'node:assert';
import { listModels } from '../../src/node/models/modelLists';
import { freePrice, listKey, namesOf, useListServer } from '../support/listServer';
import { neverAborted } from '../support/refusal';

describe("The list of models of an endpoint in OpenAI's format", () => {
  const bench = useListServer();

  it('is merged with what is known of its models, and leaves out those that cannot chat', async () => {
    const others = [
      'text-embedding-3-large',
      'whisper-1',
      'tts-1-hd',
      'dall-e-3',
      'gpt-image-1',
      'omni-moderation-latest',
    ];
    const more = ['gpt-realtime-2', 'gpt-4o-audio-preview', 'gpt-4o-transcribe', 'sora-2', 'gpt-3.5-turbo-instruct'];
    const ids = ['gpt-5', 'gpt-99', 'gpt-5', ...others, ...more];
    await bench.serve({ '/v1/models': { json: { object: 'list', data: ids.map((id) => ({ id, object: 'model' })) } } });
    const rows = await bench.list('openai', { headers: { 'x-team': 'red' } });
    assert.deepEqual(namesOf(rows), ['gpt-5', 'gpt-99']);
    assert.deepEqual([rows[0]?.windowTokens, rows[0]?.price?.input, rows[0]?.label], [400_000, 1.25, 'GPT-5']);
    assert.deepEqual(rows[1], { vendor: 'openai', model: 'gpt-99' });
    const [asked] = bench.server.requests;
    assert.deepEqual([asked?.path, asked?.headers.authorization], ['/v1/models', `Bearer ${listKey}`]);
    assert.equal(asked?.headers['x-team'], 'red');
  });

  it("lets the user's own header go before the key", async () => {
    await bench.serve({ '/v1/models': { json: { data: [] } } });
    assert.deepEqual(await bench.list('openai-compatible', { headers: { Authorization: 'Basic mine' } }), []);
    assert.equal(bench.server.requests[0]?.headers.authorization, 'Basic mine');
  });

  it('asks without a key where there is none', async () => {
    await bench.serve({ '/v1/models': { json: { data: [] } } });
    await listModels({ vendor: 'vllm', baseUrl: `${bench.server.url}/v1/` }, neverAborted);
    assert.deepEqual(
      [bench.server.requests[0]?.path, bench.server.requests[0]?.headers.authorization],
      ['/v1/models', undefined],
    );
  });

  it('takes the window, the abilities and the price that vendors put beside it', async () => {
    await bench.serve({
      '/v1/models': {
        json: {
          data: [
            { id: 'vllm', max_model_len: 32_768, owned_by: 'vllm' },
            { id: 'mistral', max_context_length: 131_072, capabilities: { function_calling: true, vision: true } },
            { id: 'groq', context_window: 131_072, max_completion_tokens: 131_072, active: true },
            { id: 'groq-old', context_window: 131_072, active: false },
            { id: 'mistral-base', capabilities: { completion_chat: false } },
            { id: 'kimi', context_length: 262_144, supports_image_in: true },
          ],
        },
      },
    });
    assert.deepEqual(await bench.list('openai-compatible'), [
      { vendor: 'openai-compatible', model: 'vllm', windowTokens: 32_768 },
      { vendor: 'openai-compatible', model: 'mistral', windowTokens: 131_072, images: true, tools: true },
      { vendor: 'openai-compatible', model: 'groq', windowTokens: 131_072, maxOutputTokens: 131_072 / 4 },
      { vendor: 'openai-compatible', model: 'kimi', windowTokens: 262_144, images: true },
    ]);
    assert.deepEqual((await bench.list('vllm'))[0]?.price, freePrice, 'what runs here is free');
  });

  it("takes Together's bare list with its types and prices, but no 0 for a price", async () => {
    const model = { type: 'chat', display_name: 'One', context_length: 65_536 };
    await bench.serve({
      '/v1/models': {
        json: [
          { ...model, id: 'a/one', pricing: { input: 0.2, output: 0.6, hourly: 0 } },
          { ...model, id: 'a/two', pricing: { input: 0, output: 0 } },
          { id: 'a/pictures', type: 'image' },
        ],
      },
    });
    const rows = await bench.list('together');
    assert.deepEqual(namesOf(rows), ['a/one', 'a/two']);
    assert.deepEqual([rows[0]?.price, rows[0]?.label, rows[1]?.price], [{ input: 0.2, output: 0.6 }, 'One', undefined]);
  });

  it('takes no price of anybody else: a gateway may count by the token, by the thousand or by the million', async () => {
    const pricing = { input: 0.000003, output: 0.000015 };
    await bench.serve({ '/v1/models': { json: { data: [{ id: 'm-1', pricing }] } } });
    for (const vendor of ['openai-compatible', 'openai', 'groq'])
      assert.equal((await bench.list(vendor))[0]?.price, undefined, vendor);
  });

  it("sends Azure's key by its own header", async () => {
    await bench.serve({
      '/openai/v1/models': {
        json: { data: [{ id: 'gpt-5' }, { id: 'x', capabilities: { chat_completion: false } }] },
      },
    });
    assert.deepEqual(namesOf(await bench.list('azure', { baseUrl: `${bench.server.url}/openai/v1` })), ['gpt-5']);
    assert.equal(bench.server.requests[0]?.headers['api-key'], listKey);
  });

  it('ends after 1,000 models, and passes over those without a usable name', async () => {
    const data = [
      { id: '' },
      { id: 5 },
      { id: 'line\nbreak' },
      'x',
      null,
      ...Array.from({ length: 1_200 }, (_, at) => ({ id: `m${at}` })),
    ];
    await bench.serve({ '/v1/models': { json: { data } } });
    const rows = await bench.list('openai-compatible');
    assert.deepEqual([rows.length, rows[0]?.model], [1_000, 'm0']);
  });
});
