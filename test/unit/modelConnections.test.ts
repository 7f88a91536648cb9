import { strict as assert } from 'node:assert';
import { build } from 'esbuild';
import { ConfigError, type AgentError } from '../../src/core/errors';
import { checkedBaseUrl } from '../../src/node/models/connection';
import { connectionFromEnvironment, modelFromEnvironment } from '../../src/node/models/environment';
import { modelVendor, modelVendors } from '../../src/node/models/modelVendors';
import { listModels } from '../../src/node/models/modelLists';
import { addressOf, openModel } from '../../src/node/models/providers';
import { refusalOf } from '../support/refusal';

const invalid = (pattern: RegExp) => (error: AgentError) =>
  error.code === 'invalid_value' && pattern.test(error.message) && error.advice !== '';

describe('The address of a model', () => {
  it('may be https anywhere and http on this machine, and loses the slash at its end', () => {
    assert.equal(checkedBaseUrl('https://models.example.com/v1/'), 'https://models.example.com/v1');
    for (const host of ['localhost', '127.0.0.1', '127.8.0.1', '[::1]'])
      assert.equal(checkedBaseUrl(`http://${host}:8080/v1`), `http://${host}:8080/v1`);
  });

  for (const address of [
    'http://models.example.com/v1',
    'http://192.168.0.7/v1',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com/v1',
    'ftp://127.0.0.1/v1',
    'file:///etc/passwd',
  ])
    it(`may not be ${address}`, () => {
      assert.throws(() => checkedBaseUrl(address), invalid(/unprotected/));
    });

  it('may not be something else than a URL, and may hold no password, which is not quoted', () => {
    assert.throws(() => checkedBaseUrl('models.example.com'), invalid(/"models\.example\.com" is not a URL/));
    assert.throws(
      () => checkedBaseUrl('https://me:hunter2@models.example.com/v1'),
      (error: AgentError) => invalid(/user name or a password/)(error) && !error.message.includes('hunter2'),
    );
  });
});

describe('The address of a model that holds more than an address', () => {
  const refused = (address: string): ConfigError => {
    try {
      checkedBaseUrl(address);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.doesNotMatch(`${error.message} ${error.advice}`, /SECRET/);
      return error;
    }
    throw new Error(`${address} was not refused`);
  };

  it('is refused with its host alone, since the rest may be a key', () => {
    for (const rest of ['?key=SECRET', '#SECRET', '?', '/?key=SECRET#x']) {
      const { message, advice } = refused(`https://gw.example.com/v1${rest}`);
      assert.match(message, /"gw\.example\.com" holds a "\?" or a "#"/);
      assert.match(advice, /: https:\/\/gw\.example\.com\/v1\. .*Set API Key/);
    }
    assert.match(refused('gw?key=SECRET').message, /"gw" is not a URL/);
  });

  it("is refused with what to paste in its place: people copy Azure's address of a single request", () => {
    const single = '/openai/deployments/my-gpt/chat/completions?api-version=2025-01-01-preview';
    assert.match(
      refused(`https://mine.openai.azure.com${single}`).advice,
      /: https:\/\/mine\.openai\.azure\.com\/openai\/v1\. /,
    );
    assert.match(refused('https://gw.example.com/v1/chat/completions?x').advice, /: https:\/\/gw\.example\.com\/v1\. /);
  });

  it('without https is refused with the way out for a server in the same network', () => {
    const { advice } = refused('http://192.168.0.7:11434/v1');
    assert.match(advice, /https address/);
    assert.match(advice, /`ssh -L 11434:localhost:11434 192\.168\.0\.7` and use http:\/\/127\.0\.0\.1:11434\/v1\./);
    assert.match(refused('http://box/v1').advice, /-L 8080:localhost:80 box` and use http:\/\/127\.0\.0\.1:8080\/v1\./);
  });
});

describe('What cannot stand in a header', () => {
  const odd = (more: object): Promise<unknown>[] => {
    const connection = { vendor: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k', ...more };
    return [openModel({ model: 'm', ...connection }), listModels(connection, new AbortController().signal)];
  };

  it('is refused by the name of the header, without its value', async () => {
    for (const value of ['Bearer SECRET\r\nx: y', 'SECRET…'])
      for (const work of odd({ headers: { 'x-own': value } })) {
        const { message } = await refusalOf('invalid_value', work);
        assert.match(message, /"x-own" of a model endpoint cannot be sent/);
        assert.doesNotMatch(message, /SECRET/);
      }
    for (const work of odd({ headers: { 'not a name': 'x' } })) await refusalOf('invalid_value', work);
  });

  it('is refused in a key, without the key', async () => {
    for (const apiKey of ['sk-SECRET…', 'sk-SECRET\nsk-SECRET'])
      for (const work of odd({ apiKey })) {
        const error = await refusalOf('authentication', work);
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /SECRET/);
      }
  });
});

describe('openModel', () => {
  it('makes a model that knows its vendor, its name and its limits, without a request', async () => {
    const model = await openModel({ vendor: 'anthropic', model: 'claude-sonnet-5-5', apiKey: 'k' });
    assert.deepEqual(
      [model.vendor, model.model, model.maxWindowSize, model.maxOutputTokens],
      ['anthropic', 'claude-sonnet-5-5', 1_000_000, 128_000],
    );
    assert.equal((await openModel({ vendor: 'ollama', model: 'qwen3' })).maxWindowSize, 128_000);
  });

  it('says what is missing: a vendor, a key, an address, a model', async () => {
    await assert.rejects(openModel({ vendor: 'nobody', model: 'm' }), invalid(/"nobody"/));
    await assert.rejects(openModel({ vendor: 'openai-compatible', model: 'm' }), invalid(/no address/));
    await assert.rejects(openModel({ vendor: 'ollama', model: ' ' }), invalid(/No model of Ollama/));
    await assert.rejects(
      openModel({ vendor: 'anthropic', model: 'm', apiKey: '  ' }),
      (error: AgentError) => error.code === 'authentication' && /Set API Key/.test(error.advice),
    );
    await assert.rejects(
      openModel({ vendor: 'openai', model: 'm', apiKey: 'k', baseUrl: 'http://example.com' }),
      invalid(/unprotected/),
    );
  });

  it('completes the address of those who are known by their host alone', () => {
    const at = (vendor: string, baseUrl: string): string => addressOf({ baseUrl }, modelVendor(vendor));
    assert.equal(at('azure', 'https://mine.openai.azure.com/'), 'https://mine.openai.azure.com/openai/v1');
    assert.equal(at('ollama', 'http://localhost:11434'), 'http://localhost:11434/v1');
    assert.equal(at('ollama', 'http://localhost:11434/other'), 'http://localhost:11434/other');
    assert.equal(at('openai-compatible', 'http://localhost:8080'), 'http://localhost:8080');
  });

  it('keeps with the model what it was opened from, without the key', async () => {
    const { choice } = await openModel({ vendor: 'openai', model: 'gpt-5.4', apiKey: 'k', effort: 'high' });
    assert.deepEqual(choice, { vendor: 'openai', model: 'gpt-5.4', effort: 'high' });
    const named = { vendor: 'openai', model: 'gpt-5.4', keyName: 'work' };
    assert.deepEqual((await openModel({ ...named, apiKey: 'k', choice: named })).choice, named);
  });

  it('takes what the user or the endpoint says of a model before what the table says', async () => {
    const traits = { windowTokens: 32_768, maxOutputTokens: 4_096, images: true, price: { input: 1, output: 2 } };
    const model = await openModel({ vendor: 'ollama', model: 'llava', traits });
    assert.deepEqual(
      [model.maxWindowSize, model.maxOutputTokens, model.capabilities.images, model.price],
      [32_768, 4_096, true, { input: 1, output: 2 }],
    );
  });

  it('does not take a key from the environment behind the back of its caller', async () => {
    const before = process.env['ANTHROPIC_API_KEY'];
    process.env['ANTHROPIC_API_KEY'] = 'from-the-environment';
    try {
      await assert.rejects(openModel({ vendor: 'anthropic', model: 'm' }), { code: 'authentication' });
    } finally {
      if (before === undefined) delete process.env['ANTHROPIC_API_KEY'];
      else process.env['ANTHROPIC_API_KEY'] = before;
    }
  });
});

describe('The model of the environment', () => {
  it('is the one that COUNTERSIGN_MODEL names, split at the first colon, with key and address', () => {
    assert.deepEqual(connectionFromEnvironment({ COUNTERSIGN_MODEL: 'ollama:qwen3:8b', ANTHROPIC_API_KEY: 'a' }), {
      vendor: 'ollama',
      model: 'qwen3:8b',
    });
    assert.deepEqual(
      connectionFromEnvironment({
        COUNTERSIGN_MODEL: 'openai-compatible:m',
        COUNTERSIGN_API_KEY: 'k',
        COUNTERSIGN_BASE_URL: 'https://models.example.com/v1',
      }),
      { vendor: 'openai-compatible', model: 'm', apiKey: 'k', baseUrl: 'https://models.example.com/v1' },
    );
    assert.equal(connectionFromEnvironment({ COUNTERSIGN_MODEL: 'anthropic' }).model, 'claude-sonnet-5-5');
  });

  it('is else the default model of the first vendor with a key', () => {
    const found = connectionFromEnvironment({ OPENROUTER_API_KEY: 'r', OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: ' ' });
    assert.deepEqual([found.vendor, found.apiKey], ['openai', 'o']);
  });

  it('is opened with it', async () => {
    assert.equal((await modelFromEnvironment({ ANTHROPIC_API_KEY: 'a' })).vendor, 'anthropic');
  });

  it('is missing with the names of the variables that would give one', () => {
    assert.throws(
      () => connectionFromEnvironment({}),
      (error: AgentError) =>
        error.code === 'no_model' &&
        ['COUNTERSIGN_MODEL', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY'].every((name) =>
          error.advice.includes(name),
        ),
    );
    assert.throws(() => connectionFromEnvironment({ COUNTERSIGN_MODEL: 'ollama:' }), { code: 'no_model' });
    assert.throws(() => connectionFromEnvironment({ COUNTERSIGN_MODEL: 'nobody:m' }), invalid(/"nobody"/));
  });
});

describe('The list of vendors', () => {
  it("loads no vendor's code before one of its models is opened", async () => {
    const { metafile } = await build({
      entryPoints: ['src/node/models/environment.ts'],
      bundle: true,
      platform: 'node',
      metafile: true,
      write: false,
      plugins: [
        {
          name: 'leave-dynamic-imports-out',
          setup: (plugin) =>
            plugin.onResolve({ filter: /.*/ }, ({ kind, path }) =>
              kind === 'dynamic-import' ? { path, external: true } : undefined,
            ),
        },
      ],
    });
    const inputs = Object.keys(metafile.inputs);
    assert.ok(inputs.some((input) => input.endsWith('node/models/modelVendors.ts')));
    assert.deepEqual(
      inputs.filter((input) => input.includes('node_modules')),
      [],
    );
  });

  it("names those who serve models today, local servers and addresses of one's own among them", () => {
    const of = (kind: string): readonly string[] =>
      modelVendors.filter((vendor) => vendor.kind === kind).map((vendor) => vendor.id);
    assert.deepEqual(of('local'), ['ollama', 'lmstudio', 'vllm', 'llamacpp']);
    assert.deepEqual(of('custom'), ['azure', 'openai-compatible']);
    for (const id of ['anthropic', 'openai', 'google', 'openrouter', 'deepseek', 'mistral', 'groq', 'xai', 'together'])
      assert.ok(of('cloud').includes(id), id);
    for (const id of ['zai', 'moonshot', 'minimax']) assert.ok(of('cloud').includes(id), id);
  });

  it('lets a vendor without a key be local or custom only, and says the address of all but the custom ones', () => {
    for (const { id, kind, needsKey, defaultBaseUrl } of modelVendors) {
      assert.equal(needsKey || kind !== 'cloud', true, id);
      assert.equal(defaultBaseUrl === undefined, kind === 'custom', id);
    }
  });

  it('names each once, needs keys only where one can be made, and has addresses that are allowed', () => {
    assert.equal(new Set(modelVendors.map((vendor) => vendor.id)).size, modelVendors.length);
    for (const vendor of modelVendors) {
      assert.equal(vendor.needsKey, vendor.keyUrl !== undefined, vendor.id);
      if (vendor.defaultBaseUrl !== undefined)
        assert.equal(checkedBaseUrl(vendor.defaultBaseUrl), vendor.defaultBaseUrl);
    }
  });
});
