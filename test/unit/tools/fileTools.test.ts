import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fsEdit } from '../../../src/core/tools/fsEdit';
import { fsGlob } from '../../../src/core/tools/fsGlob';
import { fsGrep } from '../../../src/core/tools/fsGrep';
import { fsMultiEdit } from '../../../src/core/tools/fsMultiEdit';
import { fsRead } from '../../../src/core/tools/fsRead';
import { textArgument } from '../../../src/core/tools/readArguments';
import { fsWrite } from '../../../src/core/tools/fsWrite';
import type { FileEdits } from '../../../src/core/sandbox/sandbox';
import { refusalOf } from '../../support/refusal';
import { toolBench, type ToolBench } from '../../support/toolBench';
import { useTempFolder } from '../../support/tempFolder';

describe('fs_read', () => {
  const temp = useTempFolder();
  const bench = (): ToolBench => toolBench({ workDir: temp.path });

  it('returns the exact text', async () => {
    await temp.write({ 'a.txt': 'one\r\n\ttwo\n\nfour' });
    assert.deepEqual(await bench().data(fsRead, { path: './a.txt' }), {
      path: 'a.txt',
      offset: 1,
      limit: 2000,
      truncated: false,
      totalLines: 4,
      content: 'one\r\n\ttwo\n\nfour',
      lines: 4,
    });
  });

  it('returns a range of lines and says how to go on', async () => {
    await temp.write({ 'a.txt': '1\n2\n3\n4\n5\n' });
    const { data, note } = await bench().run(fsRead, { path: 'a.txt', offset: 2, limit: 2 });
    assert.deepEqual(data, {
      path: 'a.txt',
      offset: 2,
      limit: 2,
      truncated: true,
      totalLines: 5,
      content: '2\n3\n',
      lines: 2,
    });
    assert.equal(note, 'These are lines 2 to 3 of 5. Go on with offset 4.');
    assert.equal((await bench().data(fsRead, { path: 'a.txt', offset: 4 }))['content'], '4\n5\n');
  });

  it('gives back the whole file when it is read piece by piece', async () => {
    const text = Array.from({ length: 4_321 }, (_, index) => `line ${index} ${'ü'.repeat(index % 90)}`).join('\n');
    await temp.write({ 'a.txt': text });
    let joined = '';
    for (let offset = 1, more = true; more;) {
      const data = await bench().data(fsRead, { path: 'a.txt', offset });
      const { lines, truncated } = data;
      const content = textArgument(data, 'content');
      assert.ok(Number(lines) <= 2_000 && Buffer.byteLength(content) <= 256 * 1024);
      joined += content;
      offset += Number(lines);
      more = truncated === true;
    }
    assert.equal(joined, text);
  });

  it('cuts a line that alone is too long, and says so', async () => {
    await temp.write({ 'a.txt': `${'😀'.repeat(200_000)}\nnext` });
    const { data, note } = await bench().run(fsRead, { path: 'a.txt' });
    assert.ok(JSON.stringify(data).length < 300_000);
    assert.match(note ?? '', /longer than 256 KB/);
    assert.ok(!/\p{Cs}/u.test(JSON.stringify(data)));
  });

  it('reads an empty file', async () => {
    await temp.write({ 'a.txt': '' });
    const { content, totalLines, truncated } = await bench().data(fsRead, { path: 'a.txt' });
    assert.deepEqual([content, totalLines, truncated], ['', 0, false]);
  });

  it('refuses what is not there, folders, offsets behind the end and paths outside', async () => {
    await temp.write({ 'src/a.txt': 'x' });
    await refusalOf('not_found', bench().run(fsRead, { path: 'b.txt' }));
    await refusalOf('not_a_file', bench().run(fsRead, { path: 'src' }));
    const error = await refusalOf('invalid_arguments', bench().run(fsRead, { path: 'src/a.txt', offset: 3 }));
    assert.match(error.advice, /1 lines/);
    await refusalOf('outside', bench().run(fsRead, { path: '/etc/passwd' }));
  });

  it('is without effect', async () => {
    await temp.write({ a: 'x' });
    assert.equal((await bench().plan(fsRead, { path: 'a' })).effect, 'none');
  });
});

describe('the tools that edit', () => {
  const temp = useTempFolder();
  const bench = (): ToolBench => toolBench({ workDir: temp.path });
  const textOf = (name: string): Promise<string> => readFile(path.join(temp.path, name), 'utf8');

  it('plan the whole change without touching the file', async () => {
    await temp.write({ 'a.ts': 'let a = 1;\n' });
    const plan = await bench().plan(fsEdit, { path: 'a.ts', old_string: '1', new_string: '2' });
    assert.equal(plan.effect, 'edit');
    assert.deepEqual(plan.changes, [
      { path: path.join(temp.path, 'a.ts'), display: 'a.ts', before: 'let a = 1;\n', after: 'let a = 2;\n' },
    ]);
    assert.deepEqual(plan.subject, {
      kind: 'edit',
      reason: '',
      files: [
        {
          path: 'a.ts',
          kind: 'modify',
          additions: 1,
          deletions: 1,
          truncated: false,
          diff: '@@ -1,1 +1,1 @@\n-let a = 1;\n+let a = 2;',
        },
      ],
    });
    assert.equal(await textOf('a.ts'), 'let a = 1;\n');
  });

  it('fs_edit replaces one place, or all when it is told to', async () => {
    await temp.write({ 'a.ts': 'x\ny\nx\n' });
    await refusalOf('not_unique', bench().run(fsEdit, { path: 'a.ts', old_string: 'x', new_string: 'z' }));
    const data = await bench().data(fsEdit, { path: 'a.ts', old_string: 'x', new_string: '$&', replace_all: true });
    assert.deepEqual(data, { ok: true, path: 'a.ts', replacements: 2, lines: 3 });
    assert.equal(await textOf('a.ts'), '$&\ny\n$&\n');
  });

  it('fs_edit refuses a missing file, a missing text and an edit that changes nothing', async () => {
    await temp.write({ 'a.ts': 'x' });
    await refusalOf('not_found', bench().plan(fsEdit, { path: 'b.ts', old_string: 'x', new_string: 'y' }));
    await refusalOf('no_match', bench().plan(fsEdit, { path: 'a.ts', old_string: 'y', new_string: 'z' }));
    await refusalOf('already_applied', bench().plan(fsEdit, { path: 'a.ts', old_string: 'x', new_string: 'x' }));
  });

  it('fs_write creates a file with its folders', async () => {
    const plan = await bench().plan(fsWrite, { path: 'src/new/a.ts', content: 'ü\n' });
    assert.equal(plan.subject.kind === 'edit' && plan.subject.files[0]?.kind, 'create');
    assert.deepEqual(await bench().data(fsWrite, { path: 'src/new/a.ts', content: 'ü\n' }), {
      ok: true,
      path: 'src/new/a.ts',
      bytes: 3,
      lines: 1,
    });
    assert.equal(await textOf('src/new/a.ts'), 'ü\n');
  });

  it('fs_write on an existing file is a modification that keeps CRLF', async () => {
    await temp.write({ 'a.ts': 'one\r\ntwo\r\n' });
    const plan = await bench().plan(fsWrite, { path: 'a.ts', content: 'one\n2\n' });
    const [preview] = plan.subject.kind === 'edit' ? plan.subject.files : [];
    assert.deepEqual([preview?.kind, preview?.additions, preview?.deletions], ['modify', 1, 1]);
    await bench().run(fsWrite, { path: 'a.ts', content: 'one\n2\n' });
    assert.equal(await textOf('a.ts'), 'one\r\n2\r\n');
  });

  it('fs_write refuses to write what is there already, and to replace binary files', async () => {
    await temp.write({ 'a.ts': 'same', 'b.bin': Buffer.from([0, 1]) });
    await refusalOf('already_applied', bench().plan(fsWrite, { path: 'a.ts', content: 'same' }));
    await refusalOf('binary', bench().plan(fsWrite, { path: 'b.bin', content: 'text' }));
  });

  it('an empty file can be written, and written again with text', async () => {
    await bench().run(fsWrite, { path: 'a.ts', content: '' });
    assert.equal(await textOf('a.ts'), '');
    await bench().run(fsWrite, { path: 'a.ts', content: 'x' });
    assert.equal(await textOf('a.ts'), 'x');
  });

  it('fs_multi_edit applies edits in order, each on the result of those before it', async () => {
    await temp.write({ 'a.ts': 'one\n', 'b.ts': 'b\n' });
    const data = await bench().data(fsMultiEdit, {
      edits: [
        { path: 'a.ts', find: 'one', replace: 'two' },
        { path: './b.ts', find: 'b', replace: 'B' },
        { path: 'a.ts', find: 'two', replace: 'three' },
        { path: 'a.ts', find: 'x', replace: 'x' },
      ],
    });
    assert.deepEqual([await textOf('a.ts'), await textOf('b.ts')], ['three\n', 'B\n']);
    const results = data['results'] as readonly { path: string; status: string }[];
    assert.deepEqual(
      results.map(({ path: file, status }) => `${file} ${status}`),
      ['a.ts ok', 'b.ts ok', 'a.ts ok', 'a.ts skipped'],
    );
  });

  it('fs_multi_edit changes nothing when one edit fails, and says which', async () => {
    await temp.write({ 'a.ts': 'one\n' });
    const edits = [
      { path: 'a.ts', find: 'one', replace: 'two' },
      { path: 'a.ts', find: 'missing', replace: 'x' },
    ];
    const error = await refusalOf('no_match', bench().plan(fsMultiEdit, { edits }));
    assert.match(error.message, /^Edit 2 of 2 \("a\.ts"\) failed, so none was applied\./);
    assert.equal(await textOf('a.ts'), 'one\n');
  });

  it('tell the model what the user changed in its proposal', async () => {
    await temp.write({ 'a.ts': 'one\n' });
    const edits = (local: FileEdits): FileEdits => ({
      propose: () => ({ dispose: () => undefined }),
      restore: (files, signal) => local.restore(files, signal),
      apply: (consent, changes, signal) =>
        local.apply(
          consent,
          changes.map((change) => ({ ...change, after: 'mine\n' })),
          signal,
        ),
    });
    const own = toolBench({ workDir: temp.path, edits });
    const planned = await own.plan(fsEdit, { path: 'a.ts', old_string: 'one', new_string: 'theirs' });
    const consent = { kind: 'approved', permissionId: 'p-1' } as const;
    const { data, note } = await planned.run({ ...own.context(), consent, answer: 'Mine is shorter.' });
    const landed = [{ path: 'a.ts', additions: 1, deletions: 1 }];
    assert.deepEqual(data, { ok: true, path: 'a.ts', replacements: 1, lines: 1, landed });
    assert.match(note ?? '', /^The user changed your hunk for a\.ts, at line 1\. Reason: Mine is shorter\. From what/);
    assert.match(note ?? '', /-theirs\n\+mine/);
  });

  it('do not say that the user changed what only saving changed', async () => {
    await temp.write({ 'a.ts': 'one\n' });
    const edits = (local: FileEdits): FileEdits => ({
      propose: () => ({ dispose: () => undefined }),
      apply: async (...args) => (await local.apply(...args)).map((applied) => ({ ...applied, after: 'formatted\n' })),
      restore: (...args) => local.restore(...args),
    });
    const { note } = await toolBench({ workDir: temp.path, edits }).run(fsEdit, {
      path: 'a.ts',
      old_string: 'one',
      new_string: 'theirs',
    });
    assert.match(note ?? '', /^Saving a\.ts changed it further, as a formatter does\. From what/);
  });

  it('fail when the file changed between plan and run', async () => {
    await temp.write({ 'a.ts': 'one\n' });
    const own = bench();
    const plan = await own.plan(fsEdit, { path: 'a.ts', old_string: 'one', new_string: 'two' });
    await temp.write({ 'a.ts': 'changed\n' });
    await refusalOf('stale', own.runPlan(plan));
    assert.equal(await textOf('a.ts'), 'changed\n');
  });
});

describe('the tools that search', () => {
  const temp = useTempFolder();
  const bench = (): ToolBench => toolBench({ workDir: temp.path });
  beforeEach(() => temp.write({ 'src/a.ts': 'needle\n', 'src/[id].ts': 'needle\n', 'b.md': 'needle\n' }));

  it('fs_glob returns paths that fs_read takes', async () => {
    const data = await bench().data(fsGlob, { pattern: '*.ts', cwd: 'src' });
    assert.deepEqual(data, {
      ok: true,
      pattern: '*.ts',
      cwd: 'src',
      truncated: false,
      count: 2,
      matches: ['src/[id].ts', 'src/a.ts'],
    });
    assert.equal((await bench().data(fsRead, { path: 'src/[id].ts' }))['content'], 'needle\n');
  });

  it('fs_glob says that there is more', async () => {
    const { note } = await bench().run(fsGlob, { pattern: '**', limit: 1 });
    assert.match(note ?? '', /more than 1/);
  });

  it('fs_grep takes a file, a folder or a glob, and names with brackets for files', async () => {
    const pathsIn = async (where: string | undefined): Promise<readonly unknown[]> => {
      const { matches } = await bench().data(fsGrep, {
        pattern: 'needle',
        ...(where !== undefined && { path: where }),
      });
      return (matches as readonly { path: string }[]).map(({ path: file }) => file);
    };
    assert.deepEqual(await pathsIn('src/a.ts'), ['src/a.ts']);
    assert.deepEqual(await pathsIn('src'), ['src/[id].ts', 'src/a.ts']);
    assert.deepEqual(await pathsIn('**/*.md'), ['b.md']);
    assert.deepEqual(await pathsIn('src/[id].ts'), ['src/[id].ts']);
    assert.deepEqual(await pathsIn(undefined), ['b.md', 'src/[id].ts', 'src/a.ts']);
  });

  it('fs_grep gives line, column and preview, and says that there is more', async () => {
    const { data, note } = await bench().run(fsGrep, { pattern: 'NEEDLE', case_sensitive: false, max_results: 1 });
    assert.deepEqual(data, {
      ok: true,
      matches: [{ path: 'b.md', line: 1, column: 1, preview: 'needle' }],
      truncated: true,
    });
    assert.match(note ?? '', /more than 1/);
  });

  it('fs_grep refuses a path that is not there', async () => {
    await refusalOf('not_found', bench().run(fsGrep, { pattern: 'x', path: 'missing' }));
  });
});
