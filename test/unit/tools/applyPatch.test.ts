import { strict as assert } from 'node:assert';
import { readFile, stat, symlink } from 'node:fs/promises';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { parsePatch } from '../../../src/core/edits/patch';
import { unifiedDiff } from '../../../src/core/edits/hunks';
import { patchText } from '../../../src/core/edits/patchText';
import { ToolError } from '../../../src/core/errors';
import { applyPatch } from '../../../src/core/tools/applyPatch';
import { refusalOf } from '../../support/refusal';
import { useTempFolder } from '../../support/tempFolder';
import { toolBench, type ToolBench } from '../../support/toolBench';

const marked = (...lines: readonly string[]): string => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');

describe('apply_patch', () => {
  const temp = useTempFolder();
  const bench = (): ToolBench => toolBench({ workDir: temp.path });
  const textOf = (name: string): Promise<string> => readFile(path.join(temp.path, name), 'utf8');
  const patched = async (before: string, ...lines: readonly string[]): Promise<string> => {
    await temp.write({ 'a.ts': before });
    await bench().run(applyPatch, { patch: marked('*** Update File: a.ts', ...lines) });
    return textOf('a.ts');
  };

  it('creates, changes, renames and deletes files as one change', async () => {
    await temp.write({ 'a.ts': 'one\ntwo\n', 'old.ts': 'x\ny\n', 'gone.ts': 'bye\n' });
    const patch = marked(
      '*** Add File: src/new.ts',
      '+first',
      '+',
      '+$& third',
      '*** Update File: a.ts',
      '@@',
      ' one',
      '-two',
      '+2',
      '*** Update File: old.ts',
      '*** Move to: src/moved.ts',
      '@@',
      '-x',
      '+X',
      ' y',
      '*** Delete File: gone.ts',
    );
    const plan = await bench().plan(applyPatch, { patch });
    assert.deepEqual(
      plan.changes?.map(({ display, before, after }) => [display, before, after]),
      [
        ['src/new.ts', undefined, 'first\n\n$& third\n'],
        ['a.ts', 'one\ntwo\n', 'one\n2\n'],
        ['old.ts', 'x\ny\n', undefined],
        ['src/moved.ts', undefined, 'X\ny\n'],
        ['gone.ts', 'bye\n', undefined],
      ],
    );
    assert.equal(await textOf('a.ts'), 'one\ntwo\n');
    await bench().run(applyPatch, { patch });
    assert.deepEqual(await Promise.all(['a.ts', 'src/moved.ts', 'src/new.ts'].map(textOf)), [
      'one\n2\n',
      'X\ny\n',
      'first\n\n$& third\n',
    ]);
    await assert.rejects(stat(path.join(temp.path, 'gone.ts')));
  });

  it('changes nothing at all when one hunk of one file does not apply, and says which', async () => {
    await temp.write({ 'a.ts': 'one\n', 'b.ts': 'const limit = 30000;\nlast\n' });
    const patch = marked(
      '*** Update File: a.ts',
      '-one',
      '+1',
      '*** Update File: b.ts',
      '@@',
      '-last',
      '+LAST',
      '@@',
      '-const limit = 20000;',
      '+const limit = 1;',
    );
    const error = await refusalOf('no_match', bench().run(applyPatch, { patch }));
    assert.match(
      error.message,
      /^"b\.ts": nothing was changed\. Hunk 2 of 2 .*nearest lines:\n1: const limit = 30000;/s,
    );
    assert.equal(await textOf('a.ts'), 'one\n');
  });

  it('refuses a place that is not the only one, and takes a header that narrows it', async () => {
    const text = 'class A:\n    def f(self):\n        return 1\n\nclass B:\n    def f(self):\n        return 1\n';
    await temp.write({ 'a.ts': text });
    const patch = marked('*** Update File: a.ts', '@@', '-        return 1', '+        return 2');
    await refusalOf('not_unique', bench().run(applyPatch, { patch }));
    assert.equal(
      await patched(text, '@@ class B:', '     def f(self):', '-        return 1', '+        return 2'),
      text.replace(/return 1\n$/, 'return 2\n'),
    );
    assert.equal(
      await patched(text, '@@ class A:', '@@     def f(self):', '-        return 1', '+        return 2'),
      text.replace('return 1', 'return 2'),
    );
  });

  it('keeps the line end of each line and a missing final one', async () => {
    assert.equal(await patched('a\r\nb\nc\r\nd', ' a', '-b', '+B', '+B2', ' c', '-d', '+D'), 'a\r\nB\nB2\nc\r\nD');
  });

  it('forgives blanks as fs_edit does, and writes the indentation of the file', async () => {
    assert.equal(
      await patched(
        'f() {\n\tif (a) {\n\t\tb();\n\t}\n}\n',
        '     if (a) {',
        '-        b();',
        '+        c();',
        '+        d();',
        '     }',
      ),
      'f() {\n\tif (a) {\n\t\tc();\n\t\td();\n\t}\n}\n',
    );
  });

  it('finds hunks wherever they are, in any order, and refuses two that overlap', async () => {
    assert.equal(await patched('a\nb\nc\nd\n', '@@', '-c', '+C', '@@', '-a', '+A'), 'A\nb\nC\nd\n');
    await temp.write({ 'a.ts': 'a\nb\nc\n' });
    const patch = marked('*** Update File: a.ts', '@@', ' a', '-b', '+B', '@@', '-b', '+x', ' c');
    await refusalOf('not_unique', bench().run(applyPatch, { patch }));
  });

  it('adds at the end of the file where it is told to, and nowhere without context', async () => {
    assert.equal(await patched('a\n', '@@', '+b', '*** End of File'), 'a\nb\n');
    assert.equal(await patched('x\na\nx\n', '@@', '-x', '+y', '*** End of File'), 'x\na\ny\n');
    const error = await refusalOf('no_match', patched('a\n', '@@', '+b'));
    assert.match(error.message, /no context lines/);
  });

  it('says when a hunk is applied already', async () => {
    await refusalOf('already_applied', patched('const tax = 2 * net;\n', '-const tax = net;', '+const tax = 2 * net;'));
  });

  it('refuses to add a file that is there, and to change one that is not', async () => {
    await temp.write({ 'a.ts': 'a\n' });
    await refusalOf('already_exists', bench().run(applyPatch, { patch: marked('*** Add File: a.ts', '+b') }));
    await refusalOf('not_found', bench().run(applyPatch, { patch: marked('*** Delete File: b.ts') }));
    await refusalOf('outside', bench().run(applyPatch, { patch: marked('*** Add File: ../b.ts', '+b') }));
  });

  it('takes two names of one file for one file', async () => {
    await temp.write({ 'a.ts': 'a\nb\n' });
    await symlink('a.ts', path.join(temp.path, 'link.ts'));
    const patch = marked('*** Update File: a.ts', '-a', '+A', ' b', '*** Update File: link.ts', ' A', '-b', '+B');
    const plan = await bench().plan(applyPatch, { patch });
    assert.deepEqual(
      plan.changes?.map(({ after }) => after),
      ['A\nB\n'],
    );
  });

  it('refuses to move a file whose bytes would not stay the same', async () => {
    await temp.write({ 'a.ts': '\uFEFFa\n' });
    const patch = marked('*** Update File: a.ts', '*** Move to: b.ts', '-a', '+A');
    await refusalOf('unsupported_encoding', bench().run(applyPatch, { patch }));
  });

  it('takes git diffs, with wrong line numbers too', async () => {
    await temp.write({ 'src/a.ts': 'one\ntwo\nthree\n', 'gone.ts': 'x\n', 'old.ts': 'o\n' });
    const patch = `Here it is:
\`\`\`diff
diff --git a/src/a.ts b/src/a.ts
index 111..222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -400,2 +7,9 @@ function foo() {
 one
-two
+2
diff --git a/new.ts b/new.ts
new file mode 100644
--- /dev/null
+++ b/new.ts
@@ -0,0 +1,2 @@
+--- not a header
+two
diff --git a/gone.ts b/gone.ts
deleted file mode 100644
--- a/gone.ts
+++ /dev/null
@@ -1 +0,0 @@
-x
diff --git a/old.ts b/moved.ts
similarity index 100%
rename from old.ts
rename to moved.ts
\`\`\`
`;
    await bench().run(applyPatch, { patch });
    assert.deepEqual(await Promise.all(['src/a.ts', 'new.ts', 'moved.ts'].map(textOf)), [
      'one\n2\nthree\n',
      '--- not a header\ntwo\n',
      'o\n',
    ]);
    await assert.rejects(stat(path.join(temp.path, 'gone.ts')));
  });
});

describe('a patch that cannot be read', () => {
  const refused = (patch: string): string => {
    try {
      parsePatch(patch);
    } catch (error) {
      assert.ok(error instanceof ToolError);
      return error.message;
    }
    return 'not refused';
  };

  it('is refused with the number of its line, or what it lacks', () => {
    assert.match(refused('*** Begin Patch\n*** Update File: a\n-b\n'), /no "\*\*\* End Patch"/);
    assert.match(refused(marked('*** Update File: a', '-b', 'c')), /^Line 4 .*"c"/);
    assert.match(refused(marked('*** Update File: a')), /changes nothing/);
    assert.match(refused('just text'), /names no file/);
    assert.match(refused('--- a/x\n+++ b/x\n'), /changes nothing/);
    assert.match(refused('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n%%%\n'), /^Line 6/);
    assert.match(refused('x'.repeat(1_000_001)), /1000001 characters/);
  });

  it('never fails otherwise, whatever it holds, and never takes long', () => {
    const line = fc.oneof(
      fc.constantFrom('*** Begin Patch', '*** End Patch', '*** Add File: a', '*** Update File: b', '*** Move to: c'),
      fc.constantFrom(
        '*** Delete File: d',
        '*** End of File',
        '@@',
        '@@ -1,2 +3,4 @@ x',
        '--- a/x',
        '+++ b/x',
        '/dev/null',
      ),
      fc.constantFrom('diff --git a/x b/x', 'rename from x', 'rename to y', '```', '', ' ', '\\ No newline', '\r'),
      fc.string({ maxLength: 12 }).map((text) => `+${text}`),
      fc.string({ maxLength: 12 }).map((text) => `-${text}`),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.string({ maxLength: 30 }), (lines, text) => {
        try {
          for (const file of parsePatch(lines.join('\n'))) if (file.kind === 'update') patchText(text, file.hunks);
        } catch (error) {
          assert.ok(error instanceof ToolError, String(error));
          assert.notEqual(error.advice, '');
        }
      }),
      { numRuns: 2_000, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  });
});

describe('a diff of two texts', () => {
  const word = fc.constantFrom('alpha', 'beta', 'gamma();', '  delta', '', '}', '$&');
  const text = fc.array(word, { minLength: 1, maxLength: 14 }).map((lines) => `${lines.join('\n')}\n`);

  it('gives the second one when it is applied to the first, or is refused', () => {
    let applied = 0;
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const [file] = parsePatch(`--- a/x\n+++ b/x\n${unifiedDiff(before, after).diff}\n`);
        assert.ok(file?.kind === 'update');
        try {
          assert.equal(patchText(before, file.hunks), after);
          applied += 1;
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(applied > 250, `${applied} of 500 applied`);
  });
});
