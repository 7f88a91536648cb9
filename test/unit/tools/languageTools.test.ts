import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { definition } from '../../../src/core/tools/definition';
import { diagnostics } from '../../../src/core/tools/diagnostics';
import { fsEdit } from '../../../src/core/tools/fsEdit';
import { references } from '../../../src/core/tools/references';
import { rename } from '../../../src/core/tools/rename';
import { symbols } from '../../../src/core/tools/symbols';
import { builtinTools } from '../../../src/core/tools/tools';
import type { Sandbox, SandboxFiles } from '../../../src/core/sandbox/sandbox';
import type { Problem } from '../../../src/core/sandbox/sourcePlaces';
import { testAgent, workspaceWith } from '../../support/agents';
import { FakeLanguage } from '../../support/fakeLanguage';
import { neverAborted, refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';
import { toolBench, type ToolBench } from '../../support/toolBench';

const problem = (line: number, more: Partial<Problem> = {}): Problem => ({
  ...{ path: 'a.ts', line, column: 1, severity: 'error', message: 'Cannot find name.' },
  ...more,
});

describe('tools over what the editor knows', () => {
  const temp = useTempFolder();
  let language: FakeLanguage;
  let bench: ToolBench;
  beforeEach(async () => {
    language = new FakeLanguage();
    bench = toolBench({ workDir: temp.path, language: () => language });
    await temp.write({ 'a.ts': 'const one = 1;\r\nuse(one, someone, one);\r\nclass A { #one = $one; }\n' });
  });
  const columnFor = async (args: object): Promise<unknown> => {
    await bench.run(definition, { path: 'a.ts', ...args });
    return (language.asked.at(-1) as { column: number }).column;
  };

  it('a name is found in its line as a whole word', async () => {
    assert.equal(await columnFor({ line: 1, name: 'one' }), 7);
    assert.equal(await columnFor({ line: 2, name: 'someone' }), 10);
    assert.equal(await columnFor({ line: 3, name: '#one' }), 11);
    assert.equal(await columnFor({ line: 3, name: '$one' }), 18);
  });

  it('a name that stands several times needs its column, any of its characters', async () => {
    const error = await refusalOf('not_unique', bench.run(definition, { path: 'a.ts', line: 2, name: 'one' }));
    assert.match(error.advice, /columns 5, 19/);
    assert.equal(await columnFor({ line: 2, name: 'one', column: 21 }), 19);
    await refusalOf('no_match', bench.run(definition, { path: 'a.ts', line: 2, name: 'one', column: 12 }));
  });

  it('a name that is not there is refused, with the lines that have it', async () => {
    const error = await refusalOf('no_match', bench.run(references, { path: 'a.ts', line: 3, name: 'someone' }));
    assert.match(error.advice, /lines with it: 2\./);
    const nowhere = await refusalOf('no_match', bench.run(references, { path: 'a.ts', line: 1, name: 'on' }));
    assert.match(nowhere.advice, /nowhere/);
    await refusalOf('invalid_arguments', bench.run(references, { path: 'a.ts', line: 9, name: 'one' }));
    await refusalOf('not_found', bench.run(references, { path: 'b.ts', line: 1, name: 'one' }));
    await refusalOf('outside', bench.run(references, { path: '../b.ts', line: 1, name: 'one' }));
    assert.deepEqual(language.asked, []);
  });

  it('problems come bounded, and what is left out is said', async () => {
    language.known = [problem(1), problem(2, { message: 'x'.repeat(3_000), source: 'ts', code: '2304' })];
    const all = await bench.data(diagnostics, { path: 'a.ts', min_severity: 'hint' });
    assert.equal((all['problems'] as unknown[]).length, 2);
    assert.ok(JSON.stringify(all).length < 1_500);
    assert.deepEqual(language.asked, [{ path: `${temp.path}/a.ts`, minSeverity: 'hint', limit: 100 }]);
    const { data, note } = await bench.run(diagnostics, { max_results: 1 });
    assert.deepEqual(data, { problems: [problem(1)], truncated: true });
    assert.match(note ?? '', /more than 1\b/);
  });

  it('symbols are those of a file, of a name, or both', async () => {
    language.outline = [
      { name: 'one', kind: 'variable', path: 'a.ts', line: 1, column: 7, endLine: 1, container: 'A' },
    ];
    assert.deepEqual(await bench.data(symbols, { path: 'a.ts', query: 'on' }), {
      symbols: [{ name: 'one', kind: 'variable', path: 'a.ts', line: 1, column: 7, end_line: 1, container: 'A' }],
      truncated: false,
    });
    await bench.run(symbols, { query: 'on' });
    assert.deepEqual(language.asked, [{ path: `${temp.path}/a.ts`, query: 'on' }, { query: 'on' }]);
    await refusalOf('invalid_arguments', bench.run(symbols, {}));
  });

  it('finding nothing is said, with another way', async () => {
    const given = { path: 'a.ts', line: 1, name: 'one' };
    for (const [tool, args] of [
      [definition, given],
      [references, given],
      [symbols, { query: 'x' }],
    ] as const)
      assert.match((await bench.run(tool, args)).note ?? '', /fs_grep/);
  });

  it('looking is without effect, renaming is an edit that is shown and lands as it was shown', async () => {
    const { path: file } = await bench.sandbox.files.resolve('a.ts', neverAborted);
    const { text: before } = await bench.sandbox.files.readText(file, neverAborted);
    const after = before.replace('const one', 'const first');
    language.changes = [
      { path: file, display: 'a.ts', before, after, guarded: { kind: 'protected', reason: 'It runs.' } },
    ];
    const args = { path: 'a.ts', line: 1, name: 'one' };
    assert.equal((await bench.plan(definition, args)).effect, 'none');
    const plan = await bench.plan(rename, { ...args, new_name: 'first' });
    assert.deepEqual([plan.effect, plan.changes], ['edit', language.changes]);
    assert.deepEqual(plan.floor?.reasons, ['a.ts: It runs.']);
    assert.equal(await readFile(path.join(temp.path, 'a.ts'), 'utf8'), before);
    assert.deepEqual((await bench.runPlan(plan)).data, { ok: true, files: ['a.ts'] });
    assert.equal(await readFile(path.join(temp.path, 'a.ts'), 'utf8'), after);
  });

  it('a rename that changes nothing, or to what is no name, is refused', async () => {
    const args = { path: 'a.ts', line: 1, name: 'one' };
    await refusalOf('already_applied', bench.plan(rename, { ...args, new_name: 'one' }));
    await refusalOf('invalid_arguments', bench.plan(rename, { ...args, new_name: 'a\nb' }));
  });

  it('nothing of a secret file is told', async () => {
    const secretly = toolBench({
      workDir: temp.path,
      language: () => language,
      files: (local): SandboxFiles => ({
        resolve: async (file, signal) => ({
          ...(await local.resolve(file, signal)),
          guarded: { kind: 'secret', reason: 'It holds keys.' },
        }),
        readText: (file, signal) => local.readText(file, signal),
        readStart: (file, maxBytes, signal) => local.readStart(file, maxBytes, signal),
        readBytes: (file, signal) => local.readBytes(file, signal),
        stat: (file, signal) => local.stat(file, signal),
        list: (file, signal) => local.list(file, signal),
      }),
    });
    const args = { path: 'a.ts', line: 1, name: 'one' };
    for (const tool of [definition, references]) await refusalOf('failed', secretly.run(tool, args));
    await refusalOf('failed', secretly.plan(rename, { ...args, new_name: 'x' }));
    await refusalOf('failed', secretly.run(diagnostics, { path: 'a.ts' }));
    await refusalOf('failed', secretly.run(symbols, { path: 'a.ts' }));
    assert.deepEqual(language.asked, []);
  });

  it('without an editor they are not offered, and say so when they are asked all the same', async () => {
    const plain = toolBench({ workDir: temp.path });
    const names = ['diagnostics', 'symbols', 'definition', 'references', 'rename'];
    const offeredIn = async (sandbox: Sandbox): Promise<readonly string[]> => {
      const workspace = await workspaceWith();
      await using agent = await testAgent({ workspace, script: [], config: { sandbox } });
      await workspace.remove();
      return agent.tools.map(({ name }) => name);
    };
    const all = builtinTools.map(({ name }) => name);
    assert.deepEqual(await offeredIn(bench.sandbox), all);
    assert.deepEqual(
      await offeredIn(plain.sandbox),
      all.filter((name) => !names.includes(name)),
    );
    const error = await refusalOf('failed', plain.run(diagnostics, {}));
    assert.match(error.message, /no editor/);
  });
});

describe('what an edit brings', () => {
  const temp = useTempFolder();
  const edit = { path: 'a.ts', old_string: 'one', new_string: 'two' };

  it('new problems come with the result of the edit', async () => {
    const language = new FakeLanguage();
    const bench = toolBench({ workDir: temp.path, language: () => language });
    await temp.write({ 'a.ts': 'one' });
    language.added = [problem(1)];
    assert.deepEqual((await bench.data(fsEdit, edit))['new_problems'], [problem(1)]);
    assert.deepEqual(language.watched, [{ paths: [`${temp.path}/a.ts`], disposed: true }]);
  });

  it('that there are none is said, and that nobody has looked is not', async () => {
    const language = new FakeLanguage();
    const bench = toolBench({ workDir: temp.path, language: () => language });
    for (const [added, expected] of [
      [[], []],
      [undefined, undefined],
    ] as const) {
      await temp.write({ 'a.ts': 'one' });
      language.added = added;
      assert.deepEqual((await bench.data(fsEdit, edit))['new_problems'], expected);
    }
  });

  it('of many new problems the first 20 are told and the others counted', async () => {
    const language = new FakeLanguage();
    const bench = toolBench({ workDir: temp.path, language: () => language });
    await temp.write({ 'a.ts': 'one' });
    language.added = Array.from({ length: 25 }, (_, index) => problem(index + 1));
    const data = await bench.data(fsEdit, edit);
    assert.equal((data['new_problems'] as unknown[]).length, 20);
    assert.equal(data['more_new_problems'], 5);
  });

  it('a refused edit ends the watch', async () => {
    const language = new FakeLanguage();
    const bench = toolBench({ workDir: temp.path, language: () => language });
    await temp.write({ 'a.ts': 'one' });
    const plan = await bench.plan(fsEdit, edit);
    await temp.write({ 'a.ts': 'changed meanwhile' });
    await refusalOf('stale', bench.runPlan(plan));
    assert.deepEqual(
      language.watched.map(({ disposed }) => disposed),
      [true],
    );
  });
});
