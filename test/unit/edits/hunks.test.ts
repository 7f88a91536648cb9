import { strict as assert } from 'node:assert';
import { applyPatch } from 'diff';
import * as fc from 'fast-check';
import { previewOf, unifiedDiff } from '../../../src/core/edits/hunks';
import type { WorkspacePath } from '../../../src/core/sandbox/sandbox';

const path = '/ws/a.ts' as WorkspacePath;
const text = fc.array(fc.constantFrom('a', 'b', '', '  c'), { maxLength: 12 }).map((lines) => lines.join('\n'));

describe('unifiedDiff', () => {
  it('counts lines and shows three lines of context, without file header', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
    const { diff, additions, deletions } = unifiedDiff(before, before.replace('5', 'five\nV'));
    assert.deepEqual({ additions, deletions }, { additions: 2, deletions: 1 });
    assert.equal(diff, '@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+V\n 6\n 7\n 8');
  });

  it('is empty for equal texts', () => {
    assert.deepEqual(unifiedDiff('a\n', 'a\n'), { diff: '', additions: 0, deletions: 0 });
  });

  it('says where a file has no final line end', () => {
    assert.match(unifiedDiff('a', 'b').diff, /\\ No newline at end of file/);
  });

  it('turns the old text into the new one when it is applied', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { diff } = unifiedDiff(before, after);
        assert.equal(applyPatch(before, `--- a\n+++ b\n${diff}\n`), after);
      }),
      { numRuns: 300 },
    );
  });

  it('gives a rewrite that is too large to compare as one hunk, in bounded time', () => {
    const lines = (seed: number): string =>
      Array.from({ length: 30_000 }, (_, index) => `line ${(index * seed) % 9_973}`).join('\n');
    const start = performance.now();
    const { diff, additions, deletions } = unifiedDiff(lines(7), lines(13));
    assert.ok(performance.now() - start < 3_000);
    assert.equal(diff.match(/^@@/gm)?.length, 1);
    assert.deepEqual({ additions, deletions }, { additions: 30_000, deletions: 30_000 });
  });
});

describe('previewOf', () => {
  it('tells what happens to the file', () => {
    const kind = (before: string | undefined, after: string | undefined): string =>
      previewOf({ path, display: 'a.ts', before, after }).kind;
    assert.deepEqual([kind(undefined, 'a'), kind('a', 'b'), kind('a', undefined)], ['create', 'modify', 'delete']);
  });

  it('is cut at 20,000 characters and says so', () => {
    const after = Array.from({ length: 5_000 }, (_, index) => `a new line ${index}`).join('\n');
    const preview = previewOf({ path, display: 'a.ts', before: undefined, after });
    assert.equal(preview.truncated, true);
    assert.ok(preview.diff.length <= 20_000);
    assert.equal(preview.additions, 5_000);
  });

  it('is bounded for one endless line too', () => {
    const preview = previewOf({ path, display: 'a.ts', before: undefined, after: '😀'.repeat(50_000) });
    assert.ok(preview.diff.length <= 20_000);
    assert.equal(Buffer.from(preview.diff, 'utf8').toString('utf8'), preview.diff);
  });
});
