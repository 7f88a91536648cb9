import { strict as assert } from 'node:assert';
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { npm } from '../../scripts/npm.mjs';
import { packInto } from '../../scripts/pack.mjs';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';

const run = promisify(execFile);
const samples = join(process.cwd(), 'test/contract/seedSamples');

/** One program for all samples: an ES module project and a CommonJS one, as strict as the compiler is by that name. */
const tsconfig = {
  compilerOptions: {
    ...{ strict: true, skipLibCheck: false, module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' },
    ...{ lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'], rootDir: '.', outDir: 'out' },
    ...{ typeRoots: [join(process.cwd(), 'node_modules/@types')], types: ['node'] },
  },
  include: ['esm', 'cjs'],
};

interface SampleOptions {
  readonly input?: string;
  /** The folder it runs in, which is the user's home to it. */
  readonly home?: string;
  /** Once it has printed this, it is asked to end. */
  readonly endAt?: string;
}

describe('the npm package', function () {
  this.timeout(120_000);
  let project: string;
  let metas: Readonly<Record<string, Metafile>>;

  before(async () => {
    const packed = temporaryFolder('packed');
    metas = await packInto(packed, join(packed, 'package'));
    const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
    project = temporaryFolder('consumer');
    writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true }');
    await npm(['install', '--offline', join(packed, tarball ?? 'no tarball')], project);
    cpSync(samples, project, { recursive: true });
    for (const [folder, type] of [
      ['esm', 'module'],
      ['cjs', 'commonjs'],
    ] as const) {
      const manifest = JSON.stringify({ type });
      writeFileSync(join(project, folder, 'package.json'), manifest);
      mkdirSync(join(project, 'out', folder), { recursive: true });
      writeFileSync(join(project, 'out', folder, 'package.json'), manifest);
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  });

  it('is one folder: installing it brings nothing else', () => {
    assert.deepEqual(
      readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['countersign'],
    );
  });

  it('has types under which every sample of the seeds compiles, as ES modules and as CommonJS', async () => {
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { cwd: project }).catch(
      (error: unknown) => error as { stdout: string },
    );
    assert.equal(stdout, '');
  });

  it('loads faster than Node itself starts', async () => {
    // Processor time, and against Node's own: tests run beside others. On a machine with nothing else to do both are about 40 ms.
    const measure = (load: string): string =>
      `const start = process.cpuUsage(); ${load}; const own = process.cpuUsage(start);
       console.log((own.user + own.system) / (start.user + start.system))`;
    for (const [type, load] of [
      ['module', `await import('countersign')`],
      ['commonjs', `require('countersign')`],
    ] as const) {
      const ratios: number[] = [];
      for (let count = 0; count < 5; count++) {
        const code = [`--input-type=${type}`, '-e', measure(load)];
        ratios.push(Number((await run(process.execPath, code, { cwd: project })).stdout));
      }
      const median = ratios.toSorted((left, right) => left - right)[2] ?? Infinity;
      assert.ok(median < 1.5, `${load} took ${ratios.join(', ')} of Node's own start`);
    }
  });

  it('reads no vendor, no database engine and no other late part before it is used', () => {
    const inputs = Object.values(metas['package']?.outputs ?? {}).flatMap((output) => Object.keys(output.inputs));
    assert.ok(inputs.some((file) => file.endsWith('src/core/agent/agent.ts')));
    const late = /@ai-sdk|sql\.js|sql-wasm|modelcontextprotocol|unbash|sandbox-runtime|vscode/;
    assert.deepEqual(
      inputs.filter((file) => late.test(file)),
      [],
    );
  });

  it('gives the same error classes by every face, in both formats', async () => {
    const check = `console.log(new provider.RateLimitError('x') instanceof index.ModelError)`;
    const esm = `import * as index from 'countersign'; import * as provider from 'countersign/provider'; ${check}`;
    const cjs = `const index = require('countersign'), provider = require('countersign/provider'); ${check}`;
    const [one, two] = await Promise.all([
      run(process.execPath, ['--input-type=module', '-e', esm], { cwd: project }),
      run(process.execPath, ['--input-type=commonjs', '-e', cjs], { cwd: project }),
    ]);
    assert.deepEqual([one.stdout, two.stdout], ['true\n', 'true\n']);
  });

  describe('runs the samples of the seeds', () => {
    /** Runs a compiled sample in a folder of its own, with a script for a model. */
    const sample = (
      name: string,
      script: readonly object[],
      { input = '', home = temporaryFolder('home'), endAt }: SampleOptions = {},
    ): Promise<{ readonly writes: readonly string[]; readonly text: string; readonly home: string }> => {
      writeFileSync(join(home, 'script.json'), JSON.stringify(script));
      const env = { ...process.env, HOME: home, USERPROFILE: home, COUNTERSIGN_MODEL: `scripted:${home}/script.json` };
      return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [join(project, 'out', `${name}.js`)], {
          cwd: home,
          env,
          timeout: 20_000,
        });
        const writes: string[] = [];
        let complaints = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          writes.push(text);
          if (endAt !== undefined && text.includes(endAt)) child.kill('SIGTERM');
        });
        child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
        child.on('close', (code, signal) => {
          if (code === 0 && complaints === '') resolve({ writes, text: writes.join(''), home });
          else reject(new Error(`${name} ended with ${code ?? signal}: ${complaints}${writes.join('')}`));
        });
        child.stdin.end(input);
      });
    };
    const printed = async (...args: Parameters<typeof sample>): Promise<Record<string, unknown>> => {
      const { text } = await sample(...args);
      return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    };
    const bashCall = { calls: [{ name: 'bash_run', input: { cmd: 'touch made' } }] };

    for (const name of ['esm/cliTool', 'cjs/cliTool', 'esm/singleProcess'])
      it(`${name}: streams what the model says, and goes on with the conversation when it is started again`, async () => {
        // Longer than what is gathered before it is written.
        const long = 'A sentence that comes in pieces. '.repeat(20_000);
        const { writes, text, home } = await sample(name, [{ text: long }, { text: 'Two.' }], { input: 'one\ntwo\n' });
        assert.equal(text, `${long}Two.`);
        assert.ok(writes.length > 1, 'it came in one piece');
        assert.equal((await sample(name, [{ text: 'Three.' }], { input: 'three\n', home })).text, 'Three.');
        const history = await storedMessages(project, home);
        assert.deepEqual(
          history.map(({ role }) => role),
          ['user', 'assistant', 'user', 'assistant', 'user', 'assistant'],
        );
      });

    it('storeReports', async () => {
      const { health, consistency, metrics } = await printed('esm/storeReports', [{ text: 'Hello.' }]);
      assert.equal((health as { healthy: boolean }).healthy, true);
      assert.equal((consistency as { consistent: boolean }).consistent, true);
      assert.equal((metrics as { storage: { totalMessages: number } }).storage.totalMessages, 2);
    });

    it('retry', async () => {
      const { result, calls, DEFAULT_RETRY_CONFIG } = await printed('esm/retry', [{ text: '' }]);
      assert.deepEqual([result, calls], ['answer', 3]);
      const defaults = { maxRetries: 3, baseDelayMs: 1000, maxDelayMs: 60_000, jitterFactor: 0.2 };
      assert.deepEqual(DEFAULT_RETRY_CONFIG, defaults);
    });

    it('agentLock', async () => {
      await sample('esm/agentLock', [{ text: 'Done.' }]);
    });

    it('gracefulShutdown', async function () {
      // There a process that is asked to end just ends.
      if (process.platform === 'win32') this.skip();
      const { text } = await sample('esm/gracefulShutdown', [bashCall], { endAt: 'paused' });
      assert.equal(text, 'waiting\npaused\n');
    });

    it('costLimit', async () => {
      const { status, sessionCost } = await printed('esm/costLimit', [
        { calls: [{ name: 'fs_glob', input: { pattern: '*' } }] },
        { text: 'Never said.' },
      ]);
      assert.equal(status, 'interrupted');
      assert.ok(Number(sessionCost) > 0);
    });

    it('securityPractices', async () => {
      const shown = await printed('esm/securityPractices', [bashCall, { text: 'Then not.' }]);
      assert.deepEqual(shown, { status: 'paused', after: 'ok', text: 'Then not.', root: '/app/workspace' });
    });

    it('verticalScaling', async () => {
      const { size, statuses } = await printed('esm/verticalScaling', [{ text: 'Hello.' }]);
      assert.deepEqual([size, statuses], [51, Array(5).fill('ok')]);
    });

    it('lruScheduler', async () => {
      assert.deepEqual(await printed('esm/lruScheduler', [{ text: 'Hello.' }]), {
        same: true,
        texts: ['Hello.', 'Hello.'],
      });
    });
  });
});

async function storedMessages(project: string, home: string): Promise<readonly { readonly role: string }[]> {
  const read = `const { JSONStore } = require('countersign');
new JSONStore(${JSON.stringify(join(home, '.my-agent'))}).loadMessages('main').then((messages) => console.log(JSON.stringify(messages)));`;
  const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', read], { cwd: project });
  return JSON.parse(stdout) as { role: string }[];
}
