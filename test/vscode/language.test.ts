import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { definition } from '../../src/core/tools/definition';
import { diagnostics } from '../../src/core/tools/diagnostics';
import { fsEdit } from '../../src/core/tools/fsEdit';
import { fsWrite } from '../../src/core/tools/fsWrite';
import { references } from '../../src/core/tools/references';
import { rename } from '../../src/core/tools/rename';
import { symbols } from '../../src/core/tools/symbols';
import type { SandboxFiles } from '../../src/core/sandbox/sandbox';
import { EditorLanguage } from '../../src/extension/language/editorLanguage';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import type { LocalSandboxOptions } from '../../src/node/localSandbox';
import { toolBench, type ToolBench } from '../support/toolBench';
import { EditsFixture, refusal, tabSet, unheard } from './editsSupport';
import { editorSandbox, ToyLanguage } from './languageSupport';

describe('what a language extension knows', () => {
  let fixture: EditsFixture;
  let toy: ToyLanguage;
  let bench: ToolBench;
  let options: LocalSandboxOptions;
  const on = (file: string): string => path.basename(file);
  before(() => {
    fixture = new EditsFixture();
    toy = new ToyLanguage(fixture.folder);
    options = editorSandbox(fixture.folder, fixture.proposals);
    bench = toolBench(options);
  });
  afterEach(async () => {
    toy.delayMs = 30;
    await fixture.reset();
  });
  after(async () => {
    toy.dispose();
    await fixture.dispose();
  });

  it('symbols of a file and of the workspace come with their places', async () => {
    const file = fixture.write('def alpha\r\n  def no\r\ndef alphabet alpha\r\n', '.toy');
    const alpha = { name: 'alpha', path: on(file), line: 1, column: 5 };
    const alphabet = { name: 'alphabet', path: on(file), line: 3, column: 5 };
    assert.deepEqual((await bench.data(symbols, { path: on(file) }))['symbols'], [
      { ...alpha, kind: 'type parameter', end_line: 1 },
      { ...alphabet, kind: 'type parameter', end_line: 3 },
    ]);
    assert.deepEqual((await bench.data(symbols, { query: 'ALPHA' }))['symbols'], [
      { ...alpha, kind: 'function' },
      { ...alphabet, kind: 'function' },
    ]);
    assert.deepEqual((await bench.data(symbols, { path: on(file), query: 'bet' }))['symbols'], [
      { ...alphabet, kind: 'type parameter', end_line: 3 },
    ]);
    assert.deepEqual((await bench.data(symbols, { query: 'alpha', max_results: 1 }))['truncated'], true);
  });

  it('a definition in the workspace has its line, one outside file and line only', async () => {
    const file = fixture.write('def gamma\nuse gamma\n', '.toy');
    assert.deepEqual(await bench.data(definition, { path: on(file), line: 2, name: 'gamma' }), {
      definitions: [
        { path: on(file), line: 1, column: 5, preview: 'def gamma' },
        { path: '/usr/lib/library.toy', line: 7, column: 1, preview: '' },
      ],
    });
  });

  it('references are bounded, and unsaved text counts', async () => {
    const file = fixture.write('def delta\n', '.toy');
    const editor = await window.showTextDocument(Uri.file(file));
    await editor.edit((builder) => builder.insert(editor.document.positionAt(10), 'delta delta\n'));
    const args = { path: on(file), line: 1, name: 'delta' };
    const all = await bench.data(references, args);
    assert.deepEqual(
      (all['references'] as { preview: string }[]).map(({ preview }) => preview),
      ['def delta', 'delta delta', 'delta delta'],
    );
    const { data, note } = await bench.run(references, { ...args, max_results: 2 });
    assert.equal((data as { truncated: boolean }).truncated, true);
    assert.match(note ?? '', /more than 2/);
  });

  it('a folder that was opened through a symlink has the same paths', async () => {
    const link = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), 'link-'))), 'ws');
    symlinkSync(fixture.folder, link);
    const file = fixture.write('def epsilon\n', '.toy');
    await workspace.openTextDocument(Uri.file(path.join(link, on(file))));
    const found = await bench.data(references, { path: on(file), line: 1, name: 'epsilon' });
    assert.deepEqual(found['references'], [{ path: on(file), line: 1, column: 5, preview: 'def epsilon' }]);
    rmSync(path.dirname(link), { recursive: true });
  });

  it('nothing of a secret file is told', async () => {
    const open = fixture.write('def zeta\nuse zeta\n', '.toy');
    const secret = fixture.write('def zeta BAD\n', '.toy');
    const files = (local: SandboxFiles): SandboxFiles => {
      const inner = new WorkspaceFiles(local);
      return {
        resolve: async (given, signal) => {
          const resolved = await inner.resolve(given, signal);
          const guarded = { kind: 'secret', reason: 'It holds keys.' } as const;
          return resolved.path === secret ? { ...resolved, guarded } : resolved;
        },
        readText: (given, signal) => inner.readText(given, signal),
        readStart: (given, maxBytes, signal) => inner.readStart(given, maxBytes, signal),
        readBytes: (given, signal) => inner.readBytes(given, signal),
        stat: (given, signal) => inner.stat(given, signal),
        list: (given, signal) => inner.list(given, signal),
      };
    };
    const careful = toolBench({ ...options, files });
    await workspace.openTextDocument(Uri.file(secret));
    await workspace.openTextDocument(Uri.file(open));
    const told = JSON.stringify([
      await careful.data(symbols, { query: 'zeta' }),
      await careful.data(diagnostics, {}),
      await careful.data(references, { path: on(open), line: 2, name: 'zeta' }),
    ]);
    assert.ok(told.includes(on(open)) && !told.includes(on(secret)), told);
  });

  it('a rename is exact in every line end and lands only with its plan', async () => {
    const before = 'def eta\r\nuse eta eta\r\n$& etabeta eta\r\n';
    const after = 'def $&x\r\nuse $&x $&x\r\n$& etabeta $&x\r\n';
    const mixed = 'def eta\r\nuse eta\nuse eta';
    for (const [text, renamed] of [
      [before, after],
      [mixed, 'def $&x\r\nuse $&x\nuse $&x'],
    ] as const) {
      const file = fixture.write(text, '.toy');
      const plan = await bench.plan(rename, { path: on(file), line: 1, name: 'eta', new_name: '$&x' });
      assert.deepEqual(
        plan.changes?.map((one) => [one.display, one.before, one.after]),
        [[on(file), text, renamed]],
      );
      assert.equal(readFileSync(file, 'utf8'), text);
      await bench.runPlan(plan);
      assert.equal(readFileSync(file, 'utf8'), renamed);
    }
  });

  it('a rename beyond the texts of the workspace is refused', async () => {
    const file = fixture.write('def theta\n', '.toy');
    for (const [newName, why] of [
      ['moves', /create, rename or delete files/],
      ['outside', /library\.toy.*outside/],
      ['overlaps', /overlap/],
      ['fail', /cannot rename this element/],
    ] as const) {
      const args = { path: on(file), line: 1, name: 'theta', new_name: newName };
      assert.match((await refusal(bench.plan(rename, args))).message, why);
    }
    assert.equal(readFileSync(file, 'utf8'), 'def theta\n');
    const plain = fixture.write('word\n');
    assert.equal(
      (await refusal(bench.plan(rename, { path: on(plain), line: 1, name: 'word', new_name: 'x' }))).code,
      'failed',
    );
  });

  it('an extension that hangs is left alone: at once by Stop, after its time without it', async () => {
    const file = fixture.write('def iota\n', '.toy');
    const { path: inside } = await bench.sandbox.files.resolve(on(file), unheard());
    const place = { path: inside, line: 1, column: 5, name: 'iota' };
    const start = performance.now();
    await assert.rejects(new EditorLanguage(bench.sandbox.files).planRename(place, 'hang', AbortSignal.timeout(50)), {
      name: 'TimeoutError',
    });
    const error = await refusal(new EditorLanguage(bench.sandbox.files, 100).planRename(place, 'hang', unheard()));
    assert.equal(error.code, 'timeout');
    assert.ok(performance.now() - start < 1_500);
  });

  it('problems of a file come without a tab, worst first', async () => {
    const file = fixture.write('fine\nBAD\n', '.toy');
    const tabs = tabSet();
    assert.deepEqual((await bench.data(diagnostics, { path: on(file) }))['problems'], [
      { path: on(file), line: 2, column: 1, severity: 'error', message: 'This is bad.', source: 'toy', code: '7' },
    ]);
    assert.deepEqual(tabSet(), tabs);
    const everywhere = (await bench.data(diagnostics, {}))['problems'] as { path: string }[];
    assert.ok(everywhere.some((one) => one.path === on(file)));
  });

  describe('after an edit', () => {
    const timed = async (work: Promise<{ readonly [name: string]: unknown }>) => {
      const start = performance.now();
      const data = await work;
      return {
        problems: data['new_problems'] as readonly { line: number }[] | undefined,
        ms: performance.now() - start,
      };
    };
    const edit = (file: string, old: string, now: string) =>
      timed(bench.data(fsEdit, { path: on(file), old_string: old, new_string: now }));

    it('new problems are told, moved ones are not', async () => {
      const file = fixture.write('one\nBAD\ntwo\n', '.toy');
      const added = await edit(file, 'one\n', 'one\nmore\nBAD\n');
      assert.deepEqual(
        added.problems?.map(({ line }) => line),
        [3],
      );
      assert.deepEqual((await edit(file, 'one\n', '\n\none\n')).problems, []);
      assert.deepEqual(
        (await edit(file, 'two', 'BAD')).problems?.map(({ line }) => line),
        [7],
      );
      assert.deepEqual((await edit(file, 'more\nBAD\n', '')).problems, []);
    });

    it('a new file is looked at too', async () => {
      const file = fixture.fresh('.toy');
      const { problems } = await timed(bench.data(fsWrite, { path: on(file), content: 'BAD\n' }));
      assert.deepEqual(
        problems?.map(({ line }) => line),
        [1],
      );
    });

    it('where nobody looks nothing is said, and it costs little', async () => {
      toy.delayMs = undefined;
      const times: number[] = [];
      const file = fixture.write('0\n', '.ini');
      for (let index = 0; index < 5; index++) {
        const { problems, ms } = await edit(file, `${index}\n`, `${index + 1}\n`);
        assert.equal(problems, undefined);
        times.push(Math.round(ms));
      }
      // The first edit waits to see whether anybody looks; the others know, however busy the machine is.
      const [first = 0, ...others] = times;
      assert.ok(Math.min(...others) < Math.max(600, first * 0.7), times.join(', '));
    });

    it('Stop does not wait for it, and the edit has landed', async () => {
      const file = fixture.write('one\n', '.toy');
      await workspace.openTextDocument(Uri.file(file));
      toy.delayMs = undefined;
      const plan = await bench.plan(fsEdit, { path: on(file), old_string: 'one', new_string: 'two' });
      const { path: inside } = await bench.sandbox.files.resolve(on(file), unheard());
      const watch = await bench.sandbox.language?.watchProblems([inside], unheard());
      await bench.sandbox.edits.apply({ kind: 'unasked' }, plan.changes ?? [], unheard());
      const start = performance.now();
      assert.equal(await watch?.added(AbortSignal.timeout(20)), undefined);
      assert.ok(performance.now() - start < 1_000);
      watch?.dispose();
      assert.equal(readFileSync(file, 'utf8'), 'two\n');
    });
  });
});
