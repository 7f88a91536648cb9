import { strict as assert } from 'node:assert';
import * as path from 'node:path';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { PathBox } from '../../../src/node/pathBox';
import { neverAborted } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';

describe('odd names that are legal', () => {
  const temp = useTempFolder();
  const signal = neverAborted;
  const names = [
    ...[
      '..data/b.ts',
      '...',
      'with blank.ts',
      ' leading',
      'trailing ',
      'dot.',
      '#hash',
      '50%.ts',
      '%2e%2e',
      '%00',
      '-rf',
      '--help',
      '😀.md',
      'é.ts',
    ],
    ...[
      'e\u0301.ts',
      '日本語/ファイル.txt',
      'a\\b',
      'a:b',
      'nul',
      'what?.ts',
      '*.ts',
      '[id].ts',
      '{a,b}.ts',
      "it's.ts",
      '"q".ts',
      '$HOME',
      '`id`',
      '$(id)',
    ],
    ...[
      'a;b',
      'a&b',
      'a|b',
      '~x',
      'x~',
      '!x',
      '@scope/pkg.ts',
      '(group)/page.tsx',
      '+page.svelte',
      'a=b',
      '<x>',
      '\u202egpj.exe',
      'a\u200bb',
      'é'.repeat(127),
    ],
    ...['日'.repeat(85), 'a'.repeat(255), '😀'.repeat(63), `${'deep/'.repeat(100)}x`],
  ];
  for (const name of names)
    it(`${JSON.stringify(name.slice(0, 40))} is written, changed, read, listed and deleted`, async () => {
      const { files, edits, search } = new LocalSandbox({ workDir: temp.path });
      const found = await files.resolve(name, signal);
      assert.deepEqual([found.exists, found.display], [false, name]);
      const change = { path: found.path, display: found.display };
      await edits.apply({ kind: 'unasked' }, [{ ...change, before: undefined, after: 'one' }], signal);
      const there = await files.resolve(`./${name}`, signal);
      assert.deepEqual([there.exists, there.path], [true, found.path]);
      await edits.apply({ kind: 'unasked' }, [{ ...change, before: 'one', after: 'two' }], signal);
      assert.equal((await files.readText(there.path, signal)).text, 'two');
      assert.equal((await files.stat(there.path, signal))?.kind, 'file');
      const { paths } = await search.glob({ pattern: '**', cwd: undefined, dot: true, limit: 9 }, signal);
      assert.deepEqual(paths, [name]);
      await edits.apply({ kind: 'unasked' }, [{ ...change, before: 'two', after: undefined }], signal);
      assert.equal((await files.resolve(name, signal)).exists, false);
    });

  it('two spellings of é are two files where the file system says so', async function () {
    await temp.write({ 'é.ts': 'composed', 'e\u0301.ts': 'two characters' });
    const { files } = new LocalSandbox({ workDir: temp.path });
    const read = async (name: string): Promise<string> =>
      (await files.readText((await files.resolve(name, signal)).path, signal)).text;
    if ((await read('é.ts')) === 'two characters') this.skip();
    assert.deepEqual([await read('é.ts'), await read('e\u0301.ts')], ['composed', 'two characters']);
  });

  it('a slash behind a file or folder changes nothing', async () => {
    await temp.write({ 'ws/a.ts': 'a' });
    const box = new PathBox({ roots: [{ name: 'ws', path: path.join(temp.path, 'ws') }] });
    for (const input of ['a.ts/', `${temp.path}/ws/a.ts/`, `${temp.path}//ws/./a.ts`])
      assert.deepEqual(
        [(await box.resolve(input, signal)).display, (await box.resolve(input, signal)).exists],
        ['a.ts', true],
        input,
      );
    assert.equal((await box.resolve(`${temp.path}/ws/`, signal)).display, '.');
  });
});
