import { strict as assert } from 'node:assert';
import { readFile, stat, symlink } from 'node:fs/promises';
import * as path from 'node:path';
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

  it('leaves no file of a git diff out: renames, empty files, folders named a and b', async () => {
    await temp.write({ 'a.ts': 'one\n', 'a/f.ts': 'f\n', 'old.ts': 'o\n', 'empty.py': '', 'two.ts': 'x\ny\n' });
    const patch = `diff --git a/old.ts b/moved.ts
similarity index 100%
rename from old.ts
rename to moved.ts
diff --git a/a/f.ts b/b/f.ts
similarity index 100%
rename from a/f.ts
rename to b/f.ts
diff --git a/pkg/__init__.py b/pkg/__init__.py
new file mode 100644
index 0000000..e69de29
diff --git a/empty.py b/empty.py
deleted file mode 100644
index e69de29..0000000
diff --git a/two.ts b/three.ts
similarity index 60%
rename from two.ts
rename to three.ts
index 111..222 100644
--- a/two.ts
+++ b/three.ts
@@ -1,2 +1,2 @@
-x
+X
 y
--- a/a.ts
+++ b/a.ts
@@ -1 +1 @@
-one
+1
`;
    await bench().run(applyPatch, { patch });
    const names = ['moved.ts', 'b/f.ts', 'pkg/__init__.py', 'three.ts', 'a.ts'];
    assert.deepEqual(await Promise.all(names.map(textOf)), ['o\n', 'f\n', '', 'X\ny\n', '1\n']);
    for (const name of ['old.ts', 'a/f.ts', 'empty.py', 'two.ts'])
      await assert.rejects(stat(path.join(temp.path, name)));
  });

  it('applies every block, and a diff beside them', async () => {
    await temp.write({ 'a.ts': 'a\n', 'b.ts': 'b\n', 'c.ts': 'c\n' });
    const first = marked('*** Update File: a.ts', '-a', '+A');
    const second = marked('*** Update File: b.ts', '-b', '+B');
    const patch = `${first}\nThen:\n${second}\n--- a/c.ts\n+++ b/c.ts\n@@ -1 +1 @@\n-c\n+C\n`;
    await bench().run(applyPatch, { patch });
    assert.deepEqual(await Promise.all(['a.ts', 'b.ts', 'c.ts'].map(textOf)), ['A\n', 'B\n', 'C\n']);
  });

  it('takes an indented "*** End Patch" for a line of the file', async () => {
    assert.equal(
      await patched('*** Begin Patch\n*** End Patch\nx\n', ' *** Begin Patch', ' *** End Patch', '-x', '+y'),
      '*** Begin Patch\n*** End Patch\ny\n',
    );
  });

  it('adds, removes and leaves out the final line end as the diff says', async () => {
    const none = '\\ No newline at end of file';
    assert.equal(await patched('a\nx', ' a', '-x', none, '+x'), 'a\nx\n');
    assert.equal(await patched('a\r\nx', ' a', '-x', none, '+x'), 'a\r\nx\r\n');
    assert.equal(await patched('a\nx\n', ' a', '-x', '+y', none), 'a\ny');
    assert.equal(await patched('x\nx\n', '-x', '+x', none), 'x\nx');
    assert.equal(await patched('a\nx', ' a', '-x', none), 'a\n');
    assert.equal(await patched('a\nx', '-x', none), 'a\n');
    assert.equal(await patched('a\nx', ' a', '-x', none, '+x', '+y', none), 'a\nx\ny');
    await refusalOf('already_applied', patched('a\nx\n', ' a', '-x', none, '+x'));
    await refusalOf('no_match', patched('x\n\n\n', '-x', '+x', none));
    const patch = `--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1,2 @@\n+a\n+b\n${none}\n--- /dev/null\n+++ b/other.ts\n@@ -0,0 +1 @@\n+c\n\n`;
    await bench().run(applyPatch, { patch });
    await bench().run(applyPatch, { patch: marked('*** Add File: third.ts', '+a', none) });
    assert.deepEqual(await Promise.all(['new.ts', 'other.ts', 'third.ts'].map(textOf)), ['a\nb', 'c\n', 'a']);
  });

  it('refuses what is no change of text, and what says nothing', async () => {
    await temp.write({ 'a.sh': 'a\n', 'b.sh': 'b\n' });
    const refused = async (...lines: readonly string[]): Promise<string> => {
      const patch = ['diff --git a/a.sh b/a.sh', ...lines, ''].join('\n');
      return (await refusalOf('invalid_arguments', bench().run(applyPatch, { patch }))).message;
    };
    const hunk = ['--- a/a.sh', '+++ b/a.sh', '@@ -1 +1 @@', '-a', '+A'];
    assert.match(await refused('old mode 100644', 'new mode 100755', ...hunk), /"old mode 100644".* modes, links/);
    assert.match(await refused('index 1..2 120000', ...hunk), /^Line 2 .* links/);
    assert.match(await refused('new file mode 120000', 'index 1..2'), /links/);
    assert.match(await refused('similarity index 90%', 'copy from a.sh', 'copy to c.sh', ...hunk), /copies/);
    assert.match(await refused('index 111..222 100644'), /changes nothing in "a\.sh"/);
    assert.match(await refused('rename from a.sh', ...hunk), /line 1 .* which file/);
    assert.match(await refused('index 1..2 100644', '--- a/b.sh', '+++ b/b.sh', '@@', '-b', '+B'), /which file/);
    assert.equal(await textOf('a.sh'), 'a\n');
  });
});
