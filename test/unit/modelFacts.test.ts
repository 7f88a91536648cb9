import { strict as assert } from 'node:assert';
import type { AgentError } from '../../src/core/errors';
import { reasoningEfforts } from '../../src/core/protocol/models';
import { overrideFacts, overrideOf, parseModelOverrides } from '../../src/node/models/factsOverride';
import { knownModels, knownTraits, modelFacts } from '../../src/node/models/modelFacts';
import { modelTable } from '../../src/node/models/modelTable';
import { ownRow, tableRows } from '../../src/node/models/tableRow';

const free = { input: 0, output: 0 };

describe('The table of known models', () => {
  it('has rows of every vendor, each id once, each value sensible and a price that is whole or not there', () => {
    for (const [vendor] of modelTable) {
      const rows = tableRows(vendor);
      assert.ok(rows.length > 0, vendor);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length, vendor);
      for (const row of rows) {
        const name = `${vendor}:${row.id}`;
        assert.ok(row.label !== '', name);
        assert.ok(Number.isSafeInteger(row.windowTokens) && row.windowTokens >= 32_000, name);
        assert.ok(Number.isSafeInteger(row.maxOutputTokens) && row.maxOutputTokens >= 1_000, name);
        assert.ok(row.maxOutputTokens <= row.windowTokens / 2, `${name} leaves room for the question`);
        assert.ok(row.efforts.length === 0 || row.reasons, name);
        const standard = row.price ? [row.price, ...(row.price.tiers ?? [])] : [];
        for (const { input, output, cacheRead = 1, cacheWrite = 1 } of standard)
          for (const rate of [input, output, cacheRead, cacheWrite])
            assert.ok(rate > 0 && rate < 1_000, `${name} costs ${rate}`);
        const borders = row.price?.tiers?.map((tier) => tier.aboveInputTokens) ?? [];
        assert.deepEqual(
          borders,
          borders.toSorted((left, right) => left - right),
        );
      }
    }
  });

  it('is small', () => {
    const sizeBytes = JSON.stringify(modelTable).length;
    assert.ok(sizeBytes < 40_000, `${sizeBytes} bytes`);
  });

  it('keeps windows, rates of the cache, tiers and efforts of its source', () => {
    assert.deepEqual(ownRow('anthropic', 'claude-haiku-5-5')?.price, {
      input: 0.1,
      output: 0.5,
      cacheRead: 0.01,
      cacheWrite: 0.125,
      tiers: [{ aboveInputTokens: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 }],
    });
    const mini = modelFacts('openai', 'gpt-5-mini');
    assert.deepEqual([mini.maxWindowSize, mini.maxOutputTokens], [400_000, 128_000]);
    assert.deepEqual(mini.efforts, ['minimal', 'low', 'medium', 'high']);
    assert.deepEqual(modelFacts('openai', 'gpt-4.1').price, { input: 2, output: 8, cacheRead: 0.5 });
  });

  it('takes no 0 of its source for a price: it stands for free plans and for what nobody knows', () => {
    assert.equal(modelFacts('zai', 'glm-5.3-highspeed').price, undefined);
    assert.equal(modelFacts('google', 'gemma-4-31b-it').price, undefined);
  });

  it('counts the answer on top of the input where the source stops at the border of a dearer tier', () => {
    assert.equal(modelFacts('openai', 'gpt-5.4').maxWindowSize, 272_000 + 128_000);
  });
});

describe('What is known of models', () => {
  it('is found by the exact name, and with a date, -latest, dots or dashes', () => {
    const facts = modelFacts('anthropic', 'claude-sonnet-4-5');
    assert.deepEqual([facts.maxWindowSize, facts.price?.input, facts.pdf], [200_000, 3, true]);
    for (const name of [
      'claude-sonnet-4-5-20250929',
      'claude-sonnet-4.5',
      'claude-sonnet-4-5-latest',
      'CLAUDE-Sonnet-4-5',
    ])
      assert.deepEqual(modelFacts('anthropic', name), facts, name);
    assert.equal(modelFacts('openai', 'gpt-4o-2024-05-13').price?.input, 5, 'a version with a price of its own');
    assert.deepEqual(
      modelFacts('openai', 'gpt-4o-2030-01-01'),
      modelFacts('openai', 'gpt-4o'),
      'a version that is new',
    );
    assert.equal(modelFacts('google', 'models/gemini-2.5-pro').price?.input, 1.25);
    assert.equal(modelFacts('anthropic', 'claude-opus-4-1-20250805').maxOutputTokens, 32_000);
  });

  it('says how Claude thinks: as it sees fit, or only by a budget', () => {
    assert.equal(modelFacts('anthropic', 'claude-sonnet-5-5').thinking, 'adaptive');
    assert.equal(modelFacts('anthropic', 'claude-haiku-4-5').thinking, 'none');
    assert.equal(modelFacts('openai', 'gpt-4o').thinking, 'none');
    assert.equal(modelFacts('openai', 'gpt-5').thinking, 'unknown');
  });

  it('gives a reseller the abilities of the model and never its price', () => {
    const { price, label, pdf, ...abilities } = modelFacts('openrouter', 'anthropic/claude-opus-4.8');
    const own = modelFacts('anthropic', 'claude-opus-4-8');
    assert.deepEqual([price, label, pdf], [undefined, undefined, false]);
    assert.deepEqual(abilities, {
      maxWindowSize: own.maxWindowSize,
      maxOutputTokens: own.maxOutputTokens,
      images: true,
      thinking: 'adaptive',
      efforts: own.efforts,
    });
    assert.equal(modelFacts('openai-compatible', 'gpt-5').price, undefined);
    assert.equal(modelFacts('groq', 'moonshotai/kimi-k3').price, undefined, 'nor to a vendor that lists other models');
  });

  it('knows the price of a reseller that the source has a row of', () => {
    assert.equal(modelFacts('groq', 'openai/gpt-oss-120b').price?.input, 0.15);
    assert.deepEqual(modelFacts('azure', 'gpt-5.4').price, modelFacts('openai', 'gpt-5.4').price);
  });

  it('gives a new model of a known family its limits, but neither its price nor its efforts', () => {
    const facts = modelFacts('openai', 'gpt-5.1-codex-max');
    assert.deepEqual([facts.maxWindowSize, facts.price, facts.efforts], [400_000, undefined, []]);
    assert.equal(modelFacts('anthropic', 'claude-opus-5-9').thinking, 'adaptive');
  });

  it('counts what runs on this machine as free, and only that', () => {
    for (const vendor of ['ollama', 'lmstudio', 'vllm', 'llamacpp', 'scripted'])
      assert.deepEqual(modelFacts(vendor, 'some-model:8b').price, free, vendor);
    assert.deepEqual(modelFacts('ollama', 'qwen3', 'http://127.0.0.1:11434/v1').price, free);
    assert.equal(modelFacts('ollama', 'qwen3', 'https://models.example.com/v1').price, undefined);
    assert.equal(modelFacts('ollama', 'gpt-oss:120b-cloud').price, undefined, "Ollama's own cloud");
    assert.equal(modelFacts('openai-compatible', 'qwen3', 'http://127.0.0.1:9/v1').price, undefined);
  });

  it('is cautious with a local server, whose configuration nobody has asked for', () => {
    const facts = modelFacts('lmstudio', 'openai/gpt-oss-20b');
    assert.deepEqual([facts.maxWindowSize, facts.maxOutputTokens], [128_000, 8_192]);
    assert.deepEqual(facts.efforts, ['low', 'medium', 'high']);
    assert.equal(knownTraits('lmstudio', 'openai/gpt-oss-20b').windowTokens, undefined);
  });

  it('is cautious for a model that nobody knows, and has no price for it', () => {
    const unknown = { maxWindowSize: 128_000, maxOutputTokens: 8_192, images: false, pdf: false, thinking: 'unknown' };
    for (const vendor of ['anthropic', 'openrouter', 'nobody', '__proto__', ''])
      assert.deepEqual(modelFacts(vendor, 'brand-new-9'), { ...unknown, efforts: [] }, vendor);
    assert.deepEqual(knownTraits('openrouter', 'brand-new-9'), {});
  });

  it('is a list to choose from before anybody has asked the endpoint', () => {
    const row = knownModels('anthropic').find(({ model }) => model === 'claude-sonnet-5-5');
    assert.deepEqual(row, {
      vendor: 'anthropic',
      model: 'claude-sonnet-5-5',
      label: 'Claude Sonnet 5.5',
      windowTokens: 1_000_000,
      maxOutputTokens: 128_000,
      images: true,
      pdf: true,
      tools: true,
      efforts: reasoningEfforts.slice(2),
      price: { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
    });
    assert.deepEqual(knownModels('ollama'), []);
  });
});

describe("The user's word on models", () => {
  const setting = {
    'ollama:*': { window: 32_768 },
    'ollama:qwen3:8b': { window: 65_536, maxOutput: 4_096, images: true },
    'openrouter:x/y': { input: 1, output: 2, cacheRead: 0.1, pdf: true },
  };

  it('goes before the table; what it does not say stays', () => {
    const overrides = parseModelOverrides(setting);
    const facts = overrideFacts(modelFacts('ollama', 'qwen3:8b'), overrideOf(overrides, 'ollama', 'qwen3:8b'));
    assert.deepEqual([facts.maxWindowSize, facts.maxOutputTokens, facts.images], [65_536, 4_096, true]);
    assert.deepEqual(facts.price, free);
    const other = overrideFacts(modelFacts('ollama', 'llama4'), overrideOf(overrides, 'ollama', 'llama4'));
    assert.deepEqual([other.maxWindowSize, other.images], [32_768, false]);
    assert.deepEqual(
      overrideFacts(modelFacts('openai', 'gpt-5'), overrideOf(overrides, 'openai', 'gpt-5')),
      modelFacts('openai', 'gpt-5'),
    );
  });

  it('gives a price to what had none, and takes the place of a known one with all its tiers', () => {
    const override = overrideOf(parseModelOverrides(setting), 'openrouter', 'x/y');
    const price = { input: 1, output: 2, cacheRead: 0.1 };
    assert.deepEqual(overrideFacts(modelFacts('openrouter', 'x/y'), override).price, price);
    assert.deepEqual(overrideFacts(modelFacts('anthropic', 'claude-haiku-5-5'), override).price, price);
  });

  it('leaves room for the question where only a small window is named', () => {
    assert.equal(overrideFacts(modelFacts('ollama', 'm'), { windowTokens: 4_096 }).maxOutputTokens, 2_048);
  });

  it('may be nothing', () => {
    for (const nothing of [undefined, null, {}]) assert.equal(parseModelOverrides(nothing).size, 0);
    assert.deepEqual(overrideOf(parseModelOverrides({}), 'a', 'b'), {});
  });

  const bad: readonly (readonly [setting: unknown, names: RegExp])[] = [
    ['ollama', /`countersign\.models` is "ollama"/],
    [[], /is \[\]/],
    [{ ollama: { window: 1 } }, /"ollama"/],
    [{ 'ollama:': { window: 1 } }, /"ollama:"/],
    [{ 'ollama:m': 5 }, /"ollama:m" is 5/],
    [{ 'ollama:m': { windows: 5 } }, /"ollama:m\.windows" is 5/],
    [{ 'ollama:m': { window: 0 } }, /"ollama:m\.window" is 0/],
    [{ 'ollama:m': { window: 1.5 } }, /"ollama:m\.window" is 1\.5/],
    [{ 'ollama:m': { window: '32k' } }, /"ollama:m\.window" is "32k"/],
    [{ 'ollama:m': { window: 100, maxOutput: 100 } }, /"ollama:m\.maxOutput" is 100/],
    [{ 'ollama:m': { input: -1, output: 1 } }, /"ollama:m\.input" is -1/],
    [{ 'ollama:m': { input: 1 } }, /"ollama:m\.output" is missing/],
    [{ 'ollama:m': { cacheRead: 1 } }, /"ollama:m\.input" is missing/],
    [{ 'ollama:m': { input: Number.NaN, output: 1 } }, /"ollama:m\.input"/],
    [{ 'ollama:m': { pdf: 'yes' } }, /"ollama:m\.pdf" is "yes"/],
  ];
  for (const [given, names] of bad)
    it(`is refused by the name of the bad field: ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => parseModelOverrides(given),
        (error: AgentError) => error.code === 'invalid_value' && names.test(error.message) && error.advice !== '',
      );
    });
});
