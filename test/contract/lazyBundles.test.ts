import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { RateLimitError } from '../../src/core/model/errors';
import type { ModelError } from '../../src/core/model/provider';
import type { openModel } from '../../src/node/models/providers';
import { startFaultServer } from '../support/faultServer';
import { message, readAll, request, text } from '../support/streams';

interface Main {
  readonly openModel: typeof openModel;
  readonly ModelError: typeof ModelError;
  readonly RateLimitError: typeof RateLimitError;
}

const entry = `export { openModel } from './src/node/models/providers';
export { ModelError } from './src/core/model/provider';
export { RateLimitError } from './src/core/model/errors';`;

/** As in esbuild.mjs: each dynamic import is a bundle of its own, with its own copy of what it imports. */
const bundlesOfTheirOwn: Plugin = {
  name: 'bundles-of-their-own',
  setup: (plugin) =>
    plugin.onResolve({ filter: /^\./ }, ({ kind, path: wanted }) =>
      kind === 'dynamic-import' ? { path: `./${path.basename(wanted)}.js`, external: true } : undefined,
    ),
};

describe('A vendor in a bundle of its own', () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-lazy-'));
    const common = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const;
    await build({
      ...common,
      stdin: { contents: entry, resolveDir: process.cwd(), loader: 'ts' },
      outfile: path.join(folder, 'main.js'),
      plugins: [bundlesOfTheirOwn],
    });
    await build({
      ...common,
      entryPoints: ['anthropic', 'google', 'openaiCompatible', 'openaiResponses'].map(
        (name) => `src/node/models/${name}.ts`,
      ),
      outdir: folder,
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const connections = [
    { vendor: 'anthropic' },
    { vendor: 'google' },
    { vendor: 'openai', api: 'responses' },
    { vendor: 'openai', api: 'chat' },
  ] as const;
  for (const connection of connections)
    it(`fails with the errors that the rest of the program knows (${Object.values(connection).join(', ')})`, async () => {
      const main = createRequire(path.join(folder, 'x.js'))('./main.js') as Main;
      const server = await startFaultServer();
      try {
        const model = await main.openModel({ ...connection, model: 'm', apiKey: 'k', baseUrl: `${server.url}/v1` });
        const ask = async (): Promise<unknown> =>
          (await readAll(model.stream(request([message('user', text('a'))]), new AbortController().signal))).error;
        server.answer({ status: 429, body: '{"error":{"message":"slow down"}}' });
        assert.ok((await ask()) instanceof main.RateLimitError);
        server.answer({ body: 'data: garbage\n\n' });
        assert.ok((await ask()) instanceof main.ModelError);
      } finally {
        await server.stop();
      }
    });
});

describe('The guard in a bundle of its own', () => {
  it('holds none of the errors that the rest of the program asks `instanceof` of, and stays small', async () => {
    const { metafile } = await build({
      ...{
        bundle: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'error',
        minify: true,
        write: false,
        metafile: true,
      },
      entryPoints: ['src/node/commands/guardCommand.ts'],
      plugins: [bundlesOfTheirOwn],
    });
    const [output] = Object.values(metafile.outputs);
    assert.ok(output);
    const errors = Object.keys(output.inputs).filter((file) => /(^|\/)errors\.ts$/.test(file));
    assert.deepEqual(errors, []);
    assert.ok(output.bytes < 200_000, `${output.bytes} bytes`);
  });
});
