import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { GrepResult } from '../../src/core/sandbox/grepResult';
import type { GlobRequest } from '../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../src/node/localSandbox';
import type { RipgrepOption } from '../../src/node/search/fileFinder';
import { refusalOf } from '../support/refusal';
import { ripgreps } from '../support/ripgrep';
import { globIn, grepIn, places, type Grep } from '../support/searches';
import { useTempFolder } from '../support/tempFolder';

const engines: readonly { readonly name: string; readonly option: RipgrepOption }[] = [
  { name: 'our own walk', option: false },
  ...ripgreps,
];

it('search is tried with a ripgrep, not only with our own walk', () => {
  assert.ok(ripgreps.length > 0, 'no ripgrep: `npm test` installs the VS Code for tests, which brings one along');
});

for (const { name, option } of engines)
  describe(`search by ${name}`, () => {
    const temp = useTempFolder();
    const grep = (pattern: string, more?: Grep): Promise<GrepResult> => grepIn(temp.path, option, pattern, more);
    const found = async (pattern: string, more?: Grep): Promise<readonly string[]> => places(await grep(pattern, more));
    const names = async (pattern: string, more?: Partial<GlobRequest>): Promise<readonly string[]> =>
      (await globIn(temp.path, option, pattern, more)).paths;

    it('goes folder by folder, in the order of the names, and stops at the limit', async () => {
      await temp.write({ 'a-b': 'x', 'a/z': 'x', 'a.ts': 'x\nx', A: 'x', ä: 'x', '.h/i': 'x', 'a/.b/c': 'x' });
      const all = ['.h/i', 'A', 'a/.b/c', 'a/z', 'a-b', 'a.ts', 'ä'];
      assert.deepEqual(await names('**'), all);
      assert.deepEqual(await found('x'), [...all.slice(0, 6).map((file) => `${file}:1:1`), 'a.ts:2:1', 'ä:1:1']);
      const { matches, truncated } = await grep('x', { limit: 5 });
      assert.deepEqual([matches.map((match) => match.path), truncated], [all.slice(0, 5), true]);
      assert.deepEqual(await globIn(temp.path, option, '**', { limit: 2 }), { paths: ['.h/i', 'A'], truncated: true });
    });

    it('obeys nested .gitignore and .countersignignore files, and no others', async () => {
      await temp.write({
        '.gitignore': '*.log\n/build\n/out/\nkeep/*\n!keep/this.txt\nDOC\n',
        '.countersignignore': 'private\n*.BAK\n',
        '.ignore': '*\n',
        '.rgignore': '*\n',
        '.git/info/exclude': '*\n',
        'a.log': 'x',
        'a.txt': 'x',
        'doc/x.txt': 'x',
        'build/x.txt': 'x',
        'out/x.txt': 'x',
        'key.bak': 'x',
        'private/x.txt': 'x',
        'sub/build/y.txt': 'x',
        'sub/.gitignore': '!important.log\nlocal.txt\n',
        'sub/.countersignignore': '!x.bak\n',
        'sub/x.bak': 'x',
        'sub/important.log': 'x',
        'sub/other.log': 'x',
        'sub/local.txt': 'x',
        'local.txt': 'x',
        'keep/this.txt': 'x',
        'keep/that.txt': 'x',
        'node_modules/m/i.js': 'x',
        'sub/node_modules/m/i.js': 'x',
      });
      const visible = ['a.txt', 'doc/x.txt', 'keep/this.txt', 'local.txt', 'sub/build/y.txt', 'sub/important.log'];
      const all = [...visible, 'sub/x.bak'];
      assert.deepEqual(
        (await grep('x', { glob: '**/*.{txt,log,js,bak}' })).matches.map((match) => match.path),
        all,
      );
      assert.deepEqual(
        (await names('**')).filter((file) => !file.includes('ignore')),
        all,
      );
      assert.deepEqual(await found('x', { path: 'sub', glob: '*.txt' }), ['sub/build/y.txt:1:1']);
      assert.deepEqual(await names('build/*'), ['build/x.txt']);
      assert.deepEqual(await names('keep/*'), ['keep/this.txt']);
      assert.deepEqual(await found('x', { path: 'private' }), []);
      assert.deepEqual(await found('x', { path: 'node_modules/m' }), ['node_modules/m/i.js:1:1']);
    });

    it('obeys no ignore file above the workspace', async () => {
      await temp.write({ '.gitignore': '*', 'ws/.gitignore': 'b', 'ws/a': 'x', 'ws/b': 'x', 'ws/sub/a': 'x' });
      const ws = path.join(temp.path, 'ws');
      assert.deepEqual(places(await grepIn(ws, option, 'x')), ['a:1:1', 'sub/a:1:1']);
      assert.deepEqual(places(await grepIn(ws, option, 'x', { path: 'sub' })), ['sub/a:1:1']);
    });

    it('leaves binary files out, and reads every encoding that it can tell', async () => {
      await temp.write({
        binary: Buffer.from('needle\0needle'),
        late: Buffer.from(`needle\n${'x'.repeat(100_000)}\n\0`),
        'bom.txt': '\ufeffneedle',
        'latin.txt': Buffer.from('f\xfcr needle\nne\xffedle', 'latin1'),
        'wide-be.txt': Buffer.from('\ufeffü needle\r\nneedle', 'utf16le').swap16(),
        'wide-le.txt': Buffer.from('\ufeffü needle', 'utf16le'),
      });
      const all = ['bom.txt:1:1', 'latin.txt:1:5', 'wide-be.txt:1:3', 'wide-be.txt:2:1', 'wide-le.txt:1:3'];
      assert.deepEqual(await found('needle'), all);
      assert.deepEqual(await found('^needle$', { regex: true }), ['bom.txt:1:1', 'wide-be.txt:2:1']);
      assert.deepEqual(await found('f.r', { regex: true }), ['latin.txt:1:1']);
      assert.deepEqual(await found('für'), ['latin.txt:1:1']);
      assert.deepEqual(await found('ne[^a]edle', { regex: true }), ['latin.txt:2:1']);
      assert.deepEqual(await found('FÜR', { caseSensitive: false }), ['latin.txt:1:1']);
    });

    it('says of a file that was named why it is not searched', async () => {
      await temp.write({ binary: Buffer.from('needle\0'), large: '' });
      truncateSync(path.join(temp.path, 'large'), 4 * 1024 ** 3);
      await refusalOf('binary', grep('needle', { path: 'binary' }));
      await refusalOf('too_large', grep('needle', { path: 'large' }));
    });

    it('shows nothing that is in secret files, and counts them whatever is in them', async () => {
      await temp.write({
        ...{ '.env': 'KEY=needle', '.env.example': 'KEY=needle', 'deep/server.PEM': 'other', 'a.txt': 'needle' },
        ...{ '.gitignore': 'hidden\n', 'hidden/.env': 'needle', '.countersignignore': '*.p12', 'b.p12': 'needle' },
      });
      const result = await grep('needle');
      assert.deepEqual(places(result), ['.env.example:1:5', 'a.txt:1:1']);
      assert.equal(result.secretFiles, 2);
      assert.equal((await grep('nothing like this')).secretFiles, 2);
      assert.equal((await grep('needle', { glob: '*.txt' })).secretFiles, 0);
      const named = await grep('KEY', { path: '.env' });
      assert.deepEqual([named.matches, named.secretFiles], [[], 1]);
      assert.ok((await names('**')).includes('.env'));
    });

    it('counts what it left out, when asked', async () => {
      await temp.write({ a: 'x', 'b.bin': Buffer.from('x\0'), '.gitignore': 'c\nd/\n', c: 'x', 'd/e': 'x', large: '' });
      truncateSync(path.join(temp.path, 'large'), 20 * 1024 ** 2);
      const { leftOut } = await grep('x', { countLeftOut: true });
      assert.deepEqual(leftOut, { binary: 1, tooLarge: 1, unreadable: 0, ignored: 2 });
      assert.equal((await grep('x')).leftOut, undefined);
    });

    it('reads no links, pipes and endless files, and takes odd names as they are', async () => {
      if (process.platform === 'win32') return;
      const at = (file: string): string => path.join(temp.path, file);
      await temp.write({ 'out/secret': 'needle', 'ws/a': 'needle', 'ws/line\nbreak': 'needle', 'ws/-e': 'needle' });
      await temp.write({ 'ws/[x]{y}*': 'needle', 'ws/ blank ': 'needle', 'ws/..data': 'needle', 'ws/\x01': 'needle' });
      symlinkSync(at('out'), at('ws/folder'));
      symlinkSync(at('out/secret'), at('ws/file'));
      symlinkSync('.', at('ws/circle'));
      symlinkSync('a', at('ws/twin'));
      execFileSync('mkfifo', [at('ws/pipe')]);
      writeFileSync(Buffer.concat([Buffer.from(at('ws/')), Buffer.from([0xff, 0xfe])]), 'needle');
      writeFileSync(at('ws/sparse'), '');
      truncateSync(at('ws/sparse'), 4 * 1024 ** 3);
      const result = await grepIn(at('ws'), option, 'needle');
      const odd = ['\x01', ' blank ', '-e', '..data', '[x]{y}*', 'a', 'line\nbreak'];
      assert.deepEqual(
        result.matches.map((match) => match.path),
        odd,
      );
      const { paths } = await globIn(at('ws'), option, '**');
      assert.deepEqual(
        paths.filter((file) => file !== 'sparse' && !file.includes('\ufffd')),
        odd,
      );
      assert.equal(paths.length, odd.length + 2);
    });

    it('means the same by a pattern', async () => {
      const text = ['foo bar', 'FOO', 'éfoo', 'a-b', 'x{y}', '😀😀', '٣', '\u00a0\ufeff', 'tab\there', '', 'K\u212a'];
      await temp.write({ 't.txt': `${text.join('\n')}\n` });
      const lines = async (pattern: string, more: Grep = {}): Promise<readonly number[]> =>
        (await grep(pattern, { regex: true, ...more })).matches.map(({ line }) => line);
      assert.deepEqual(await lines('\\bfoo'), [1, 3]);
      assert.deepEqual(await lines('^\\D$'), [7]);
      assert.deepEqual(await lines('^\\s+$'), [8]);
      assert.deepEqual(await lines('^..$'), [6, 8, 11]);
      assert.deepEqual(await lines('^$'), [10]);
      assert.deepEqual(await lines('a\\-b|x{y}'), [4, 5]);
      assert.deepEqual(await lines('^\\W'), [3, 6, 7, 8]);
      assert.deepEqual(await lines('(?i)foo$'), [2, 3]);
      assert.deepEqual(await lines('^k+$', { caseSensitive: false }), [11]);
      assert.deepEqual(await lines('(?<=foo )bar'), [1]);
      assert.deepEqual(await lines('(o)\\1'), [1, 3]);
      assert.deepEqual(await lines('[[:alpha:]'), await lines('[\\[:alph]'));
      assert.deepEqual(await lines('\\x66oo|\\u{1f600}'), [1, 3, 6]);
      assert.deepEqual(await lines('\\p{Lu}O'), [2]);
      await refusalOf('invalid_arguments', grep('a\nb'));
      await refusalOf('invalid_arguments', grep('(', { regex: true }));
    });

    it('stops when it is aborted, within a second', async () => {
      await temp.write(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${index}/a`, 'x'])));
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('stopped')), 5);
      const start = performance.now();
      const { search } = new LocalSandbox({ workDir: temp.path, ripgrep: option });
      await assert.rejects(async () => {
        for (;;) await search.glob({ pattern: '**', cwd: undefined, dot: true, limit: 1_000 }, stop.signal);
      }, /stopped/);
      assert.ok(performance.now() - start < 1_000);
    });
  });
