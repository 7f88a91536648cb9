import { strict as assert } from 'node:assert';
import { mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { GlobRequest, GrepRequest } from '../../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

const signal = neverAborted;

describe('LocalSearch', () => {
  const temp = useTempFolder();
  const sandbox = (): LocalSandbox => new LocalSandbox({ workDir: temp.path });
  async function glob(pattern: string, cwd?: string, more: Partial<GlobRequest> = {}): Promise<readonly string[]> {
    const box = sandbox();
    const folder = cwd === undefined ? undefined : (await box.files.resolve(cwd, signal)).path;
    return (await box.search.glob({ pattern, cwd: folder, dot: false, limit: 100, ...more }, signal)).paths;
  }
  async function grep(
    pattern: string,
    more: Partial<Omit<GrepRequest, 'path'>> & { path?: string } = {},
  ): Promise<readonly string[]> {
    const box = sandbox();
    const folder = more.path === undefined ? undefined : (await box.files.resolve(more.path, signal)).path;
    const request = { regex: false, caseSensitive: true, glob: undefined, limit: 100, ...more };
    const { matches } = await box.search.grep({ ...request, pattern, path: folder }, signal);
    return matches.map(({ path: file, line, column, preview }) => `${file}:${line}:${column}:${preview}`);
  }

  describe('glob', () => {
    beforeEach(() =>
      temp.write({
        'a.ts': '',
        'b.js': '',
        '.env': '',
        'src/c.ts': '',
        'src/deep/d.ts': '',
        'src/deep/e.tsx': '',
        'src/[id].ts': '',
        '.github/ci.yml': '',
        'node_modules/x/index.js': '',
        '.git/config': '',
      }),
    );

    it('keeps * within a folder and lets ** go through all, in order', async () => {
      assert.deepEqual(await glob('*.ts'), ['a.ts']);
      assert.deepEqual(await glob('**/*.ts'), ['a.ts', 'src/[id].ts', 'src/c.ts', 'src/deep/d.ts']);
      assert.deepEqual(await glob('src/**/*.{ts,tsx}'), ['src/[id].ts', 'src/c.ts', 'src/deep/d.ts', 'src/deep/e.tsx']);
      assert.deepEqual(await glob('./src/*.ts'), ['src/[id].ts', 'src/c.ts']);
    });

    it('finds a file by its plain path', async () => {
      assert.deepEqual(await glob('src/c.ts'), ['src/c.ts']);
      assert.deepEqual(await glob('a.ts'), ['a.ts']);
      assert.deepEqual(await glob('missing/*.ts'), []);
    });

    it('looks in a folder and still shows paths that other tools take', async () => {
      assert.deepEqual(await glob('*.ts', 'src/deep'), ['src/deep/d.ts']);
    });

    it('leaves names that begin with a dot to those who ask for them', async () => {
      assert.deepEqual(await glob('*'), ['a.ts', 'b.js']);
      assert.deepEqual(await glob('*', undefined, { dot: true }), ['.env', 'a.ts', 'b.js']);
      assert.deepEqual(await glob('.github/*'), ['.github/ci.yml']);
    });

    it('looks into node_modules and .git only when they are named', async () => {
      assert.ok(!(await glob('**', undefined, { dot: true })).some((file) => /node_modules|\.git\//.test(file)));
      assert.deepEqual(await glob('node_modules/**'), ['node_modules/x/index.js']);
      assert.deepEqual(await glob('**', 'node_modules/x'), ['node_modules/x/index.js']);
    });

    it('says when there are more than the limit', async () => {
      const request = { pattern: '**/*.ts', cwd: undefined, dot: false };
      const { paths, truncated } = await sandbox().search.glob({ ...request, limit: 2 }, signal);
      assert.deepEqual({ paths, truncated }, { paths: ['a.ts', 'src/[id].ts'], truncated: true });
      assert.equal((await sandbox().search.glob({ ...request, limit: 4 }, signal)).truncated, false);
    });

    it('refuses patterns that lead outside, and those that are none', async () => {
      await refusalOf('outside', glob('../**/*'));
      await refusalOf('outside', glob('/etc/*'));
      await refusalOf('invalid_arguments', glob('src/*.{ts'));
      await refusalOf('invalid_arguments', glob('*'.repeat(1_001)));
    });

    it('stops when it is aborted', async () => {
      const request = { pattern: '**', cwd: undefined, dot: true, limit: 10 };
      await assert.rejects(sandbox().search.glob(request, AbortSignal.abort(new Error('stopped'))), /stopped/);
    });
  });

  describe('ignore files', () => {
    it('hides what .gitignore files hide, the deeper one last', async () => {
      await temp.write({
        '.gitignore': '*.log\n/build\nkeep/*\n!keep/this.txt\n',
        'a.log': '',
        'a.txt': '',
        'build/x.txt': '',
        'sub/build/y.txt': '',
        'sub/.gitignore': '!important.log\nlocal.txt\n',
        'sub/important.log': '',
        'sub/other.log': '',
        'sub/local.txt': '',
        'local.txt': '',
        'keep/this.txt': '',
        'keep/that.txt': '',
      });
      assert.deepEqual(await glob('**/*.{txt,log}'), [
        'a.txt',
        'keep/this.txt',
        'local.txt',
        'sub/build/y.txt',
        'sub/important.log',
      ]);
    });

    it('looks into a folder that git ignores when it is named, but never against .countersignignore', async () => {
      await temp.write({
        '.gitignore': 'dist\n',
        '.countersignignore': 'private\n*.pem\n',
        'dist/a.js': 'needle',
        'dist/key.pem': 'needle',
        'private/b.js': 'needle',
        'c.js': 'needle',
      });
      assert.deepEqual(await glob('**/*'), ['c.js']);
      assert.deepEqual(await glob('dist/*'), ['dist/a.js']);
      assert.deepEqual(await glob('private/*'), []);
      assert.deepEqual(await grep('needle', { path: 'private' }), []);
      assert.deepEqual(await grep('needle', { path: 'dist' }), ['dist/a.js:1:1:needle']);
    });
  });

  describe('grep', () => {
    it('finds plain text with line and column, one match for each line', async () => {
      await temp.write({ 'a.ts': 'x\n  foo(foo)\r\nfoo', 'b.md': 'no\n' });
      assert.deepEqual(await grep('foo'), ['a.ts:2:3:  foo(foo)', 'a.ts:3:1:foo']);
    });

    it('takes special characters for themselves unless regex is set', async () => {
      await temp.write({ 'a.ts': 'a.b\naxb\n$&\n(x|y)\n' });
      assert.deepEqual(await grep('a.b'), ['a.ts:1:1:a.b']);
      assert.deepEqual(await grep('a.b', { regex: true }), ['a.ts:1:1:a.b', 'a.ts:2:1:axb']);
      assert.deepEqual(await grep('$&'), ['a.ts:3:1:$&']);
      assert.deepEqual(await grep('(x|y)'), ['a.ts:4:1:(x|y)']);
    });

    it('takes ^ and $ for the ends of a line, in CRLF files too', async () => {
      await temp.write({ 'a.ts': 'one\r\ntwo\r\n' });
      assert.deepEqual(await grep('^two$', { regex: true }), ['a.ts:2:1:two']);
    });

    it('heeds or ignores case', async () => {
      await temp.write({ 'a.ts': 'Needle\n' });
      assert.deepEqual(await grep('needle'), []);
      assert.deepEqual(await grep('needle', { caseSensitive: false }), ['a.ts:1:1:Needle']);
      assert.deepEqual(await grep('(?i)needle', { regex: true }), ['a.ts:1:1:Needle']);
    });

    it('searches a file, a folder or a glob', async () => {
      await temp.write({ 'a.ts': 'x', 'src/b.ts': 'x', 'src/c.md': 'x', 'src/deep/d.ts': 'x' });
      assert.deepEqual(await grep('x', { path: 'src/b.ts' }), ['src/b.ts:1:1:x']);
      assert.equal((await grep('x', { path: 'src' })).length, 3);
      assert.deepEqual(await grep('x', { glob: '*.md' }), ['src/c.md:1:1:x']);
      assert.deepEqual(await grep('x', { glob: 'src/*.ts' }), ['src/b.ts:1:1:x']);
      assert.deepEqual(await grep('x', { path: 'src', glob: '**/*.ts' }), ['src/b.ts:1:1:x', 'src/deep/d.ts:1:1:x']);
    });

    it('leaves binary files out and reads UTF-16 and old encodings', async () => {
      await temp.write({
        binary: Buffer.from([0x6e, 0x00, 0x6e]),
        'wide.txt': Buffer.from('\ufeffneedle ü', 'utf16le'),
        'old.txt': Buffer.from('needle \xfc', 'latin1'),
      });
      assert.deepEqual(await grep('n'), ['old.txt:1:1:needle ü', 'wide.txt:1:1:needle ü']);
    });

    it('shows at most 200 characters of a line, around the match', async () => {
      await temp.write({ 'a.ts': `${'x'.repeat(1_000)}needle${'y'.repeat(1_000)}` });
      const [match] = await grep('needle');
      assert.match(match ?? '', /^a\.ts:1:1001:x{50}needley{144}$/);
    });

    it('says when there are more than the limit', async () => {
      await temp.write({ 'a.ts': 'x\nx\n', 'b.ts': 'x\n' });
      const request = { pattern: 'x', path: undefined, regex: false, caseSensitive: true, glob: undefined };
      const { matches, truncated } = await sandbox().search.grep({ ...request, limit: 2 }, signal);
      assert.deepEqual([matches.length, truncated], [2, true]);
      assert.equal((await sandbox().search.grep({ ...request, limit: 3 }, signal)).truncated, false);
    });

    it('refuses what is no regular expression', async () => {
      const error = await refusalOf('invalid_arguments', grep('a(', { regex: true }));
      assert.match(error.message, /"a\("/);
    });

    it('searches several roots and names them', async () => {
      await temp.write({ 'one/a.ts': 'x', 'two/a.ts': 'x' });
      const roots = ['one', 'two'].map((name) => ({ name, path: path.join(temp.path, name) }));
      const { search } = new LocalSandbox({ roots });
      const request = { pattern: 'x', path: undefined, regex: true, caseSensitive: true, limit: 9 };
      const found = async (given: string | undefined): Promise<readonly string[]> =>
        (await search.grep({ ...request, glob: given }, signal)).matches.map((match) => match.path);
      assert.deepEqual(await found(undefined), ['one/a.ts', 'two/a.ts']);
      assert.deepEqual(await found('two/*.ts'), ['two/a.ts']);
      assert.deepEqual(await found('*.ts'), ['one/a.ts', 'two/a.ts']);
    });
  });

  it('goes through ten thousand files in a few seconds', async function () {
    this.timeout(60_000);
    await mkdir(path.join(temp.path, 'many'));
    for (let folder = 0; folder < 100; folder++)
      await temp.write(
        Object.fromEntries(
          Array.from({ length: 100 }, (_, file) => [`many/${folder}/${file}.ts`, `file ${folder} ${file}\n`]),
        ),
      );
    const start = performance.now();
    assert.deepEqual(await grep('file 77 7$', { regex: true }), ['many/77/7.ts:1:1:file 77 7']);
    assert.ok(performance.now() - start < 15_000, `${performance.now() - start} ms`);
  });
});
