import { strict as assert } from 'node:assert';
import { link, rename, symlink, truncate } from 'node:fs/promises';
import * as path from 'node:path';
import { fileKindOf } from '../../../src/core/tools/fileKind';
import { fsEdit } from '../../../src/core/tools/fsEdit';
import { fsRead } from '../../../src/core/tools/fsRead';
import { fsWrite } from '../../../src/core/tools/fsWrite';
import { notebookText } from '../../../src/core/tools/notebookText';
import { refusalOf } from '../../support/refusal';
import { toolBench, type ToolBench } from '../../support/toolBench';
import { useTempFolder } from '../../support/tempFolder';

describe('fs_read of guarded files', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  const bench = (): ToolBench => toolBench({ workDir: temp.path });

  it('asks before it reads a secret, whatever the mode, and says why', async () => {
    await temp.write({ 'app/.env': 'KEY=1', 'app/.env.example': 'KEY=', 'src/a.ts': 'a', '.npmrc': 'x' });
    const plan = await bench().plan(fsRead, { path: 'app/.env' });
    assert.equal(plan.effect, 'none');
    assert.deepEqual(plan.floor?.rules, []);
    assert.match(plan.floor.reasons.join(), /^app\/\.env: .*passwords.*The model would read it\.$/);
    assert.match(JSON.stringify((await bench().runPlan(plan)).data), /"content":"KEY=1"/);
    for (const free of ['app/.env.example', 'src/a.ts', '.npmrc'])
      assert.equal((await bench().plan(fsRead, { path: free })).floor, undefined, free);
  });

  it('asks for a secret by whatever name a link gives it, and shows where it leads', async () => {
    await temp.write({ '.env': 'KEY=1' });
    await symlink('.env', at('notes.md'));
    const plan = await bench().plan(fsRead, { path: 'notes.md' });
    assert.match(plan.floor?.reasons.join() ?? '', /^\.env: /);
    assert.ok(plan.subject.kind === 'tool' && plan.subject.input.includes('".env"'));
  });

  it('reads nothing when the path leads to another file than the one that was judged', async () => {
    await temp.write({ '.env': 'KEY=1', 'notes.md': 'notes', 'd/config': 'plain', '.aws/config': 'SECRET' });
    const file = await bench().plan(fsRead, { path: 'notes.md' });
    const inFolder = await bench().plan(fsRead, { path: 'd/config' });
    await rename(at('notes.md'), at('old.md'));
    await symlink('.env', at('notes.md'));
    await refusalOf('raced', bench().runPlan(file));
    await rename(at('d'), at('old'));
    await symlink('.aws', at('d'));
    await refusalOf('raced', bench().runPlan(inFolder));
  });

  it('asks before any tool changes what other programs obey', async () => {
    await temp.write({ '.vscode/settings.json': '{}', 'a.ts': 'a' });
    for (const file of [
      '.vscode/settings.json',
      '.VSCODE/Tasks.json',
      '.git/hooks/pre-commit',
      'sub/.npmrc',
      'AGENTS.md',
      '.env',
    ]) {
      const { floor } = await bench().plan(fsWrite, { path: file, content: 'x' });
      assert.ok(floor && floor.rules.length === 0 && floor.reasons[0]?.includes(':'), file);
    }
    assert.equal((await bench().plan(fsWrite, { path: 'a.ts', content: 'x' })).floor, undefined);
  });

  it('asks before it changes a file that has another name, for that one may be guarded', async () => {
    await temp.write({ '.git/config': '[core]' });
    await link(at('.git/config'), at('innocent.txt'));
    const { floor } = await bench().plan(fsEdit, { path: 'innocent.txt', old_string: 'core', new_string: 'x' });
    assert.match(floor?.reasons.join() ?? '', /hard links/);
  });
});

describe('fs_read of what is no plain text', () => {
  const temp = useTempFolder();
  const bench = (): ToolBench => toolBench({ workDir: temp.path });

  it('tells format and size of an image', async () => {
    await temp.write(imagesOf(640, 480));
    for (const [name, format] of Object.entries({ png: 'PNG', gif: 'GIF', jpg: 'JPEG', webp: 'WebP' })) {
      const { data, note } = await bench().run(fsRead, { path: `a.${name}` });
      const sizeBytes = imagesOf(640, 480)[`a.${name}`]?.length;
      assert.deepEqual(data, { path: `a.${name}`, kind: 'image', format, width: 640, height: 480, sizeBytes });
      assert.match(note ?? '', /no pictures/);
    }
  });

  it('tells the size of large images too', async () => {
    await temp.write(imagesOf(9_000, 7_000));
    await truncate(path.join(temp.path, 'a.png'), 15 * 1024 * 1024);
    const { width, height, sizeBytes } = await bench().data(fsRead, { path: 'a.png' });
    assert.deepEqual([width, height, sizeBytes], [9_000, 7_000, 15 * 1024 * 1024]);
  });

  it('says what kind of file it refuses, and how large that is', async () => {
    await temp.write({
      'a.pdf': Buffer.from('%PDF-1.7\n\0\xff', 'latin1'),
      'b.zip': Buffer.from('PK\x03\x04\0'),
      c: Buffer.from([1, 0]),
    });
    assert.match((await refusalOf('binary', bench().run(fsRead, { path: 'a.pdf' }))).message, /a PDF document, 1 KB/);
    assert.match((await refusalOf('binary', bench().run(fsRead, { path: 'b.zip' }))).message, /a ZIP archive/);
    assert.match((await refusalOf('binary', bench().run(fsRead, { path: 'c' }))).message, /zero bytes/);
  });

  it('looks only at the start of 4 GB', async () => {
    await temp.write({ big: 'text' });
    await truncate(path.join(temp.path, 'big'), 4 * 1024 ** 3);
    const [start, memory] = [performance.now(), process.memoryUsage().rss];
    const error = await refusalOf('too_large', bench().run(fsRead, { path: 'big', offset: 5, limit: 1 }));
    assert.match(error.advice, /head, tail or grep/);
    assert.ok(performance.now() - start < 500 && process.memoryUsage().rss - memory < 50 * 1024 * 1024);
  });

  it('survives images that end too early or lie about their parts', () => {
    for (const [name, bytes] of Object.entries(imagesOf(5, 5)))
      for (let length = 0; length < bytes.length; length++)
        assert.doesNotThrow(() => fileKindOf(bytes.subarray(0, length)), `${name} at ${length}`);
    assert.deepEqual(fileKindOf(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0, 0, 0, 0, 0, 0])), {
      kind: 'other',
      format: 'a damaged JPEG image',
    });
    assert.equal(fileKindOf(Buffer.from('plain text')), undefined);
  });

  it('reads a notebook as its cells, in ranges, and its JSON when asked for it', async () => {
    const json = notebook([
      { cell_type: 'markdown', source: ['# Title\n', 'text'] },
      {
        cell_type: 'code',
        execution_count: 3,
        source: 'print(1)',
        outputs: [
          { output_type: 'stream', text: ['\u001b[31m1\u001b[0m\n'] },
          { output_type: 'display_data', data: { 'text/plain': ['<Figure>'], 'image/png': 'iVBOR'.repeat(9_000) } },
          { output_type: 'error', ename: 'ValueError', evalue: 'no', traceback: ['line 1', 'line 2'] },
        ],
      },
    ]);
    await temp.write({ 'a.ipynb': json });
    const { data, note } = await bench().run(fsRead, { path: 'a.ipynb' });
    assert.deepEqual(data, {
      path: 'a.ipynb',
      kind: 'notebook',
      ...{ offset: 1, limit: 2_000, truncated: false, totalLines: 12, lines: 12 },
      content:
        '[cell 1] markdown\n# Title\ntext\n\n[cell 2] code (python), run 3\nprint(1)\n[cell 2 output] 1\n[cell 2 output] <Figure>\n(also as image/png, left out)\n[cell 2 output] ValueError: no\nline 1\nline 2\n',
    });
    assert.match(note ?? '', /raw: true/);
    assert.match(
      (await bench().run(fsRead, { path: 'a.ipynb', limit: 2 })).note ?? '',
      /Go on with offset 3.*raw: true/s,
    );
    assert.equal((await bench().data(fsRead, { path: 'a.ipynb', raw: true }))['content'], json);
  });

  it('shortens long outputs and says by how much', () => {
    const text = notebookText(
      notebook([{ cell_type: 'code', source: '', outputs: [{ output_type: 'stream', text: 'x'.repeat(5_000) }] }]),
    );
    assert.match(text ?? '', /x{2000}… \(3000 more characters\)/);
  });

  it('gives the text of a notebook that is none', async () => {
    await temp.write({ 'a.ipynb': '{"cells": 3}', 'b.ipynb': '{ no json' });
    assert.equal((await bench().data(fsRead, { path: 'a.ipynb' }))['content'], '{"cells": 3}');
    assert.equal((await bench().data(fsRead, { path: 'b.ipynb' }))['content'], '{ no json');
    assert.equal(notebookText(notebook([])), '[no cells]\n');
    assert.match(notebookText(notebook([7, { source: 3 }])) ?? '', /\[cell 1\] damaged\n\n\[cell 2\] unknown/);
  });
});

function notebook(cells: readonly unknown[]): string {
  return JSON.stringify(
    { cells, metadata: { kernelspec: { language: 'python' } }, nbformat: 4, nbformat_minor: 5 },
    undefined,
    1,
  );
}

/** Just enough of each format to hold a size. */
function imagesOf(width: number, height: number): Readonly<Record<string, Buffer>> {
  const big = (value: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const little = (value: number, bytes: number): Buffer => big(value, bytes).reverse();
  const text = (bytes: string): Buffer => Buffer.from(bytes, 'latin1');
  const exif = Buffer.concat([text('\xff\xe1'), big(60_000, 2), Buffer.alloc(59_998)]);
  return {
    'a.png': Buffer.concat([
      text('\x89PNG\r\n\x1a\n'),
      big(13, 4),
      text('IHDR'),
      big(width, 4),
      big(height, 4),
      Buffer.alloc(9),
    ]),
    'a.gif': Buffer.concat([text('GIF89a'), little(width, 2), little(height, 2), Buffer.from([0, 0, 0])]),
    'a.jpg': Buffer.concat([
      text('\xff\xd8'),
      exif,
      text('\xff\xc0'),
      big(17, 2),
      text('\x08'),
      big(height, 2),
      big(width, 2),
      Buffer.alloc(9),
    ]),
    'a.webp': Buffer.concat([
      text('RIFF'),
      little(30, 4),
      text('WEBPVP8X'),
      little(10, 4),
      Buffer.alloc(4),
      little(width - 1, 3),
      little(height - 1, 3),
      text('\0'),
    ]),
  };
}
