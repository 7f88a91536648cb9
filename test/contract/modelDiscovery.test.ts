import { strict as assert } from 'node:assert';
import { findLocalServers, localServers, type LocalServer } from '../../src/node/models/discovery';
import { startJsonServer, type JsonAnswer, type JsonServer } from '../support/jsonServer';
import { neverAborted } from '../support/refusal';

type Answers = Readonly<Record<string, JsonAnswer>>;

const owned = (by: string): JsonAnswer => ({ json: { object: 'list', data: [{ id: 'm', owned_by: by }] } });
const notAllowed: JsonAnswer = { status: 401, json: { error: 'Unauthorized' } };

/** What each server answers with, as its documentation shows it. */
const genuine: Readonly<Record<string, readonly Answers[]>> = {
  ollama: [
    { '/api/version': { json: { version: '0.40.12' } }, '/api/tags': { json: { models: [{ name: 'a:1b' }] } } },
    { '/api/version': { json: { version: '0.40.12' } }, '/api/tags': { json: { models: [] } } },
  ],
  lmstudio: [{ '/api/v0/models': { json: { object: 'list', data: [{ id: 'a', type: 'llm', state: 'not-loaded' }] } } }],
  vllm: [
    { '/v1/models': owned('vllm'), '/version': { json: { version: '0.11.0' } } },
    { '/v1/models': notAllowed, '/version': { json: { version: '0.11.0' } } },
  ],
  llamacpp: [
    { '/v1/models': owned('llamacpp') },
    { '/v1/models': owned('me'), '/props': { json: { default_generation_settings: { n_ctx: 1 }, total_slots: 4 } } },
  ],
};

/** Others that may listen on the same ports. */
const impostors: Readonly<Record<string, Answers>> = {
  'a web server': { '/': { text: '<html>It works!</html>', headers: { 'content-type': 'text/html' } } },
  'a web application that shows its start page everywhere': Object.fromEntries(
    ['/api/version', '/api/tags', '/api/v0/models', '/v1/models', '/version', '/props'].map((path) => [
      path,
      { text: '<!doctype html><title>App</title>', headers: { 'content-type': 'text/html' } },
    ]),
  ),
  'an API that has versions, models and properties of its own': {
    '/api/version': { json: { version: '1.4.0' } },
    '/api/tags': { json: ['red', 'blue'] },
    '/api/v0/models': { json: { data: [{ id: 'truck' }] } },
    '/v1/models': { json: { data: [{ id: 'truck', owned_by: 'fleet' }] } },
    '/version': { json: { version: '1.4.0' } },
    '/props': { json: { props: [] } },
  },
  'an API that asks for a key everywhere': Object.fromEntries(
    ['/api/version', '/api/tags', '/api/v0/models', '/v1/models', '/version', '/props'].map((path) => [
      path,
      notAllowed,
    ]),
  ),
  'a server that sends everybody elsewhere': Object.fromEntries(
    ['/api/version', '/api/tags', '/api/v0/models', '/v1/models', '/version', '/props'].map((path) => [
      path,
      { status: 302, headers: { location: 'https://example.com/' } },
    ]),
  ),
};

describe('Local servers', () => {
  const servers: JsonServer[] = [];
  const start = async (vendor: string, answers: Answers): Promise<LocalServer> => {
    const server = await startJsonServer(answers);
    servers.push(server);
    return { vendor, baseUrl: `${server.url}/v1` };
  };
  const find = (...candidates: readonly LocalServer[]): Promise<ReadonlySet<string>> =>
    findLocalServers(candidates, neverAborted);
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  for (const [vendor, versions] of Object.entries(genuine))
    it(`are found by what only they answer (${vendor})`, async () => {
      for (const answers of versions) assert.deepEqual([...(await find(await start(vendor, answers)))], [vendor]);
    });

  for (const [name, answers] of Object.entries(impostors))
    it(`are told from ${name}`, async () => {
      const candidates = await Promise.all(Object.keys(genuine).map((vendor) => start(vendor, answers)));
      assert.deepEqual([...(await find(...candidates))], []);
    });

  it('are told from each other, whatever the port', async () => {
    for (const [vendor, [answers = {}]] of Object.entries(genuine)) {
      const others = Object.keys(genuine).filter((other) => other !== vendor);
      const candidates = await Promise.all(others.map((other) => start(other, answers)));
      assert.deepEqual([...(await find(...candidates))], [], vendor);
    }
  });

  it('are asked at once and for 400 ms each, so that one that hangs holds up nobody for long', async () => {
    const stalled = { text: '{', stall: true };
    const everywhere = {
      '/api/version': stalled,
      '/api/tags': stalled,
      '/api/v0/models': stalled,
      '/v1/models': stalled,
    };
    const hanging = await Promise.all(['ollama', 'lmstudio', 'vllm'].map((vendor) => start(vendor, everywhere)));
    const there = await start('llamacpp', { '/v1/models': owned('llamacpp') });
    const gone = await start('ollama', {});
    await servers.pop()?.stop();
    const startedAt = performance.now();
    assert.deepEqual([...(await find(...hanging, there, gone))], ['llamacpp']);
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs >= 390 && tookMs < 700, `${tookMs} ms`);
  });

  it('are not looked for any more once that is stopped', async () => {
    const hanging = await start('vllm', { '/v1/models': { text: '{', stall: true } });
    const stop = new AbortController();
    const work = findLocalServers([hanging], stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 30);
    await assert.rejects(work, /enough/);
  });

  it('are sent no key, whoever they may be', async () => {
    await find(await start('vllm', { '/v1/models': notAllowed }));
    for (const { headers } of servers[0]?.requests ?? []) assert.equal(headers.authorization, undefined);
    assert.ok((servers[0]?.requests.length ?? 0) > 0);
  });

  it('are looked for at their usual ports, or where the user says', () => {
    const addresses = localServers((vendor) => (vendor === 'vllm' ? 'http://127.0.0.1:9000' : undefined));
    assert.deepEqual(
      addresses.map(({ vendor, baseUrl }) => `${vendor} ${baseUrl}`),
      [
        'ollama http://127.0.0.1:11434/v1',
        'lmstudio http://127.0.0.1:1234/v1',
        'vllm http://127.0.0.1:9000/v1',
        'llamacpp http://127.0.0.1:8080/v1',
      ],
    );
  });

  it('are looked for where one of the addresses cannot be', () => {
    const found = localServers((vendor) => (vendor === 'vllm' ? 'http://192.168.1.5:8000' : undefined));
    assert.deepEqual(
      found.map(({ vendor }) => vendor),
      ['ollama', 'lmstudio', 'llamacpp'],
    );
  });
});
