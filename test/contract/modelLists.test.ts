import { strict as assert } from 'node:assert';
import type { ModelRow } from '../../src/core/protocol/models';
import type { JsonAnswer } from '../support/jsonServer';
import { freePrice, listKey, namesOf, useListServer } from '../support/listServer';

describe('The list of models of an endpoint in its own format', () => {
  const bench = useListServer();

  it('says of llama.cpp how much it was started with, not how much the model could take', async () => {
    const data = [{ id: 'qwen.gguf', owned_by: 'llamacpp', meta: { n_ctx_train: 262_144 } }];
    const props = { default_generation_settings: { n_ctx: 8_192 }, modalities: { vision: true } };
    await bench.serve({ '/v1/models': { json: { data } }, '/props': { json: props } });
    const row = { vendor: 'llamacpp', model: 'qwen.gguf', price: freePrice };
    assert.deepEqual(await bench.list('llamacpp'), [{ ...row, windowTokens: 8_192, images: true }]);
    await bench.server.stop();
    await bench.serve({ '/v1/models': { json: { data } } });
    assert.deepEqual(await bench.list('llamacpp'), [{ ...row, windowTokens: 262_144 }], 'without /props');
  });

  it("takes OpenRouter's prices per token, tiers and abilities", async () => {
    const model = (id: string, pricing: unknown, more: object = {}): object => ({
      id,
      name: `Name of ${id}`,
      context_length: 200_000,
      top_provider: { max_completion_tokens: 64_000 },
      architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
      supported_parameters: ['tools', 'reasoning'],
      pricing,
      ...more,
    });
    await bench.serve({
      '/v1/models': {
        json: {
          data: [
            model('a/tiered', {
              prompt: '0.00000125',
              completion: '0.00001',
              input_cache_read: '0.000000125',
              input_cache_write: '0',
              request: '0',
              overrides: [{ min_prompt_tokens: 200_001, prompt: '0.0000025', completion: '0.000015' }],
            }),
            model('a/given:free', { prompt: '0', completion: '0' }, { supported_parameters: ['temperature'] }),
            model(
              'a/router',
              { prompt: '-1', completion: '-1' },
              { reasoning: { supported_efforts: ['high', 'low', 'odd'] } },
            ),
            model('a/fee', { prompt: '0.000001', completion: '0.000001', request: '0.01' }),
            model('a/odd', { prompt: 'free', completion: null }),
            model('anthropic/claude-opus-5', {}),
            model('a/painter', {}, { architecture: { output_modalities: ['image'] } }),
          ],
        },
      },
    });
    const rows = await bench.list('openrouter');
    const price = (at: number): unknown => rows[at]?.price;
    assert.deepEqual(price(0), {
      input: 1.25,
      output: 10,
      cacheRead: 0.125,
      tiers: [{ aboveInputTokens: 200_000, input: 2.5, output: 15, cacheRead: 0.125 }],
    });
    assert.deepEqual(price(1), freePrice, 'the seller itself says that it is free');
    assert.deepEqual([price(2), price(3), price(4), price(5)], [undefined, undefined, undefined, undefined]);
    assert.deepEqual(
      [rows[0]?.windowTokens, rows[0]?.maxOutputTokens, rows[0]?.images, rows[0]?.tools, rows[0]?.label],
      [200_000, 64_000, true, true, 'Name of a/tiered'],
    );
    assert.deepEqual([rows[1]?.tools, rows[1]?.efforts], [false, []]);
    assert.deepEqual(rows[2]?.efforts, ['low', 'high']);
    assert.equal(rows.length, 6);
  });

  it("follows Anthropic's pages, with its own headers, until there are no more", async () => {
    await bench.serve({
      '/v1/models': ({ path }) => {
        const after = new URLSearchParams(path.split('?')[1]).get('after_id');
        const supported = { supported: true };
        return after === null
          ? {
              json: {
                data: [{ id: 'claude-opus-5', display_name: 'Claude Opus 5' }],
                has_more: true,
                last_id: 'claude-opus-5',
              },
            }
          : {
              json: {
                data: [
                  {
                    id: 'claude-next-1',
                    max_input_tokens: 2_000_000,
                    max_tokens: 128_000,
                    capabilities: {
                      image_input: supported,
                      pdf_input: { supported: false },
                      effort: { ...supported, low: supported, high: supported, max: { supported: false } },
                    },
                  },
                ],
                has_more: false,
              },
            };
      },
    });
    const rows = await bench.list('anthropic');
    assert.deepEqual([rows[0]?.price?.input, rows[0]?.efforts?.[0]], [5, 'none']);
    assert.deepEqual(rows[1], {
      vendor: 'anthropic',
      model: 'claude-next-1',
      windowTokens: 2_000_000,
      maxOutputTokens: 128_000,
      images: true,
      pdf: false,
      efforts: ['low', 'high'],
    });
    assert.deepEqual(
      bench.server.requests.map(({ path }) => path),
      ['/v1/models?limit=1000', '/v1/models?limit=1000&after_id=claude-opus-5'],
    );
    assert.deepEqual(
      [bench.server.requests[1]?.headers['x-api-key'], bench.server.requests[1]?.headers['anthropic-version']],
      [listKey, '2023-06-01'],
    );
    assert.equal(bench.server.requests[1]?.headers.authorization, undefined);
  });

  it('leaves a server that gives the same page for ever', async () => {
    await bench.serve({
      '/v1/models': {
        json: { data: [{ id: 'a' }], models: [{ name: 'models/a' }], has_more: true, last_id: 'a', nextPageToken: 'a' },
      },
    });
    assert.deepEqual(namesOf(await bench.list('anthropic')), ['a']);
    assert.deepEqual(namesOf(await bench.list('google')), ['a']);
    assert.equal(bench.server.requests.length, 4);
  });

  it("follows Google's pages with the key in a header, never in the address", async () => {
    const generate = { supportedGenerationMethods: ['generateContent', 'countTokens'] };
    await bench.serve({
      '/v1beta/models': ({ path }) =>
        path.includes('pageToken=t%2F2')
          ? {
              json: {
                models: [
                  {
                    name: 'models/gemini-99',
                    displayName: 'Gemini 99',
                    inputTokenLimit: 5_000,
                    outputTokenLimit: 1_000,
                    ...generate,
                  },
                ],
              },
            }
          : {
              json: {
                models: [
                  { name: 'models/gemini-2.5-pro', ...generate, inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 },
                  { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
                  { name: 'models/gemini-2.5-flash-image', ...generate },
                ],
                nextPageToken: 't/2',
              },
            },
    });
    const rows = await bench.list('google', { baseUrl: `${bench.server.url}/v1beta` });
    assert.deepEqual(namesOf(rows), ['gemini-2.5-pro', 'gemini-99']);
    assert.deepEqual([rows[0]?.price?.input, rows[0]?.pdf], [1.25, true]);
    assert.deepEqual(rows[1], {
      vendor: 'google',
      model: 'gemini-99',
      label: 'Gemini 99',
      windowTokens: 5_000,
      maxOutputTokens: 1_000,
    });
    for (const { path, headers } of bench.server.requests) {
      assert.equal(headers['x-goog-api-key'], listKey);
      assert.ok(!path.includes(listKey));
    }
  });

  it('asks Ollama what the first 30 models can do, four at once, and how much the loaded ones take', async () => {
    const tags = [
      ...['coder:30b', 'loaded:8b', 'small:1b', 'nomic-embed-text', 'odd:1b', 'gpt-oss:120b-cloud'],
      ...Array.from({ length: 30 }, (_, at) => `more:${at}`),
    ];
    const shown: Readonly<Record<string, JsonAnswer>> = {
      'coder:30b': {
        json: {
          capabilities: ['completion', 'tools', 'thinking'],
          thinking: { values: [false, 'low', 'high'] },
          model_info: { 'qwen3moe.context_length': 262_144 },
        },
      },
      'loaded:8b': {
        json: {
          capabilities: ['completion', 'vision'],
          model_info: { 'llama.context_length': 131_072 },
          parameters: 'num_ctx 4096',
        },
      },
      'small:1b': {
        json: { capabilities: ['completion'], parameters: 'stop "x"\nnum_ctx                        16384' },
      },
      'nomic-embed-text': { json: { capabilities: ['embedding'] } },
      'odd:1b': { status: 500, text: 'broken' },
      'gpt-oss:120b-cloud': {
        json: { capabilities: ['completion', 'tools'], model_info: { 'gptoss.context_length': 131_072 } },
      },
    };
    let open = 0;
    let most = 0;
    await bench.serve({
      '/api/tags': { json: { models: tags.map((name) => ({ name, model: name })) } },
      '/api/ps': { json: { models: [{ name: 'loaded:8b', context_length: 65_536 }] } },
      '/api/show': async ({ body }) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open--;
        const { model } = JSON.parse(body) as { readonly model: string };
        return shown[model] ?? { json: {} };
      },
    });
    const rows = await bench.list('ollama');
    const row = (model: string): ModelRow | undefined => rows.find((one) => one.model === model);
    assert.deepEqual(row('coder:30b'), {
      vendor: 'ollama',
      model: 'coder:30b',
      windowTokens: 8_192,
      images: false,
      tools: true,
      efforts: ['none', 'low', 'high'],
      price: freePrice,
    });
    assert.deepEqual([row('loaded:8b')?.windowTokens, row('loaded:8b')?.images], [65_536, true]);
    assert.equal(row('small:1b')?.windowTokens, 16_384);
    assert.equal(row('nomic-embed-text'), undefined);
    assert.deepEqual(row('odd:1b'), { vendor: 'ollama', model: 'odd:1b', price: freePrice });
    assert.deepEqual([row('gpt-oss:120b-cloud')?.windowTokens, row('gpt-oss:120b-cloud')?.price], [131_072, undefined]);
    assert.equal(rows.length, 35);
    assert.equal(bench.server.requests.filter(({ path }) => path === '/api/show').length, 30);
    assert.equal(most, 4);
  });

  it("takes LM Studio's own list, the loaded models first", async () => {
    await bench.serve({
      '/api/v0/models': {
        json: {
          data: [
            { id: 'idle', type: 'llm', state: 'not-loaded', max_context_length: 262_144 },
            {
              id: 'seeing',
              type: 'vlm',
              state: 'loaded',
              max_context_length: 131_072,
              loaded_context_length: 65_536,
              capabilities: ['tool_use'],
            },
            { id: 'vectors', type: 'embeddings', state: 'loaded' },
          ],
        },
      },
    });
    const row = { vendor: 'lmstudio', price: freePrice };
    assert.deepEqual(await bench.list('lmstudio'), [
      { ...row, model: 'seeing', windowTokens: 65_536, images: true, tools: true },
      { ...row, model: 'idle', windowTokens: 32_768, images: false },
    ]);
    await bench.server.stop();
    await bench.serve({ '/v1/models': { json: { data: [{ id: 'plain' }] } } });
    assert.deepEqual(await bench.list('lmstudio'), [{ ...row, model: 'plain' }], 'a version without that list');
  });
});
