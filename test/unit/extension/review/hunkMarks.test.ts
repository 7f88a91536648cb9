import { strict as assert } from 'node:assert';
import { reviewOf } from '../../../../src/core/edits/review';
import { hunkMarks, type HunkMarks } from '../../../../src/extension/review/surfaces/hunkMarks';
import { shownHunks } from '../../../../src/extension/review/surfaces/hunkPlaces';

const marks = (base: string, now: string, lineCount = now.split('\n').length): HunkMarks =>
  hunkMarks(shownHunks(reviewOf(base, now, 'turn')), lineCount);

describe('what is drawn into the editor', () => {
  it('tells added from changed lines, and shows where lines were deleted', () => {
    assert.deepEqual(marks('a\nb\nc\nd\n', 'new\nnewer\na\nB\nc\n'), {
      added: [{ from: 0, to: 1 }],
      changed: [{ from: 3, to: 3 }],
      deletedAbove: [5],
      deletedBelow: [],
      heads: [0, 3, 5],
    });
  });

  it('lines deleted at the very start and in an emptied file have a place', () => {
    assert.deepEqual(marks('a\nb\n', 'b\n').deletedAbove, [0]);
    assert.deepEqual(marks('a\nb\n', '').deletedAbove, [0]);
  });

  it('a document that is shorter than the review gets nothing drawn outside of it', () => {
    const { added, heads, deletedBelow } = marks('', 'a\nb\nc\n', 2);
    assert.deepEqual([added, heads], [[{ from: 0, to: 1 }], [0]]);
    assert.deepEqual(deletedBelow, []);
    assert.deepEqual(marks('a\nb\nc\n', 'a\nb\n', 2).deletedBelow, [1]);
  });

  it('a file of 5,000 lines with 500 hunks takes less than 50 ms', () => {
    const lines = Array.from({ length: 5_000 }, (_, line) => `line ${line} of a file`);
    const now = lines.map((line, index) => (index % 10 === 0 ? `${line}, changed` : line));
    const review = reviewOf(`${lines.join('\n')}\n`, `${now.join('\n')}\n`, 'turn');
    const start = performance.now();
    const drawn = hunkMarks(shownHunks(review), 5_001);
    const tookMs = performance.now() - start;
    assert.equal(drawn.changed.length, 500);
    assert.ok(tookMs < 50, `${tookMs} ms`);
  });
});
