import { strict as assert } from 'node:assert';
import { applyPatch } from 'diff';
import * as fc from 'fast-check';
import { linesOf, previewOf, unifiedDiff } from '../../../src/core/edits/hunks';
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

  it('turns the new text into the old one when it is applied backwards, and counts what it shows', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { diff, additions, deletions } = unifiedDiff(before, after);
        const back = unifiedDiff(after, before);
        assert.deepEqual([back.additions, back.deletions], [deletions, additions]);
        const swapped = diff
          .split('\n')
          .map((line) =>
            line.startsWith('@@')
              ? line.replace(/-(\S+) \+(\S+)/, '-$2 +$1')
              : line.replace(/^[-+]/, (sign) => (sign === '-' ? '+' : '-')),
          );
        assert.equal(swapped.filter((line) => line.startsWith('+')).length, deletions);
        assert.equal(linesOf(after).length - linesOf(before).length, additions - deletions);
        if (!diff.includes('\\')) assert.equal(applyPatch(after, `--- a\n+++ b\n${swapped.join('\n')}\n`), before);
      }),
      { numRuns: 300 },
    );
  });

  it('gives, for each subset of its hunks, exactly these changes', () => {
    const rows = fc.array(fc.tuple(fc.nat(3), fc.boolean()), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.boolean()), (places, accepted) => {
        const take = places.map(() => accepted.next().value === true);
        const lines = (which: (index: number) => boolean): string =>
          places
            .map(([gap, adds], index) => {
              const context = Array.from({ length: 8 + gap }, (_, at) => `context ${index}.${at}\n`).join('');
              return context + (which(index) ? `new ${index}\n` : adds ? '' : `old ${index}\n`);
            })
            .join('');
        const before = lines(() => false);
        const hunks = unifiedDiff(
          before,
          lines(() => true),
        ).diff.split(/\n(?=@@)/);
        assert.equal(hunks.length, places.length);
        const chosen = hunks.filter((_, index) => take[index] === true);
        const expected = lines((index) => take[index] === true);
        if (chosen.length > 0)
          assert.equal(applyPatch(before, `--- a\n+++ b\n${chosen.join('\n')}\n`, { fuzzFactor: 0 }), expected);
      }),
      { numRuns: 200 },
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
