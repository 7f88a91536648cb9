import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { unifiedDiff } from '../../../src/core/edits/hunks';
import { parsePatch } from '../../../src/core/edits/patch';
import { patchText } from '../../../src/core/edits/patchText';
import { ToolError } from '../../../src/core/errors';

const marked = (...lines: readonly string[]): string => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');

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
  const text = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 14 }), fc.constantFrom('\n', ''))
    .map(([lines, end]) => `${lines.join('\n')}${end}`);

  it('gives the second one when it is applied to the first, or is refused', () => {
    let applied = 0;
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const [file] = parsePatch(`diff --git a/x b/x\n--- a/x\n+++ b/x\n${unifiedDiff(before, after).diff}\n`);
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
