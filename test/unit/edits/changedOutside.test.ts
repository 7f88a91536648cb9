import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { changedOutside, standsIn } from '../../../src/core/edits/changedOutside';
import { baseOf, hunksOf, nowOf, rejected, reviewOf } from '../../../src/core/edits/review';

const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '\r\n', 'd e\n', 'x\ry\n', 'f(g, h);\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('', 'end', '\r'))
  .map(([lines, last]) => lines.join('') + last);

/** The hunks that are left once `text` has come from outside. */
function left(base: string, now: string, other: string): readonly string[] {
  const { review } = changedOutside(reviewOf(base, now, 't1'), other);
  assert.equal(nowOf(review), other);
  return hunksOf(review).map((hunk) => `${hunk.base}>${hunk.now}`);
}

describe('A text that comes from outside', () => {
  it('stands there to the byte, and what stood there before has nothing to judge', () => {
    fc.assert(
      fc.property(text, text, text, (base, now, other) => {
        const review = reviewOf(base, now, 't1');
        assert.equal(nowOf(changedOutside(review, other).review), other);
        assert.equal(baseOf(changedOutside(review, now).review), base);
        assert.equal(standsIn(review, now), true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('that has no line of the agent’s loses nothing when all that is left is rejected', () => {
    const other = fc.array(fc.constantFrom('1\n', '2 3\n', '4\r\n'), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(text, text, other, (base, now, lines) => {
        const { review } = changedOutside(reviewOf(base, now, 't1'), lines.join(''));
        const all = hunksOf(review).map(({ id }) => id);
        const theirs = (one: string): readonly string[] | null => one.match(/\d/g);
        assert.deepEqual(theirs(nowOf(rejected(review, all))), theirs(lines.join('')));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes the hunks away whose lines are gone, and those whose deleted lines are back', () => {
    assert.deepEqual(left('a\nb\nc\n', 'a\nB\nc\n', 'a\nother\nc\n'), []);
    assert.deepEqual(left('a\nb\nc\n', 'a\nc\n', 'a\nb\nc\nd\n'), []);
    assert.deepEqual(left('a\nb\nc\n', 'a\nB\nc\nD\n', 'a\nother\nc\nD\n'), ['>D\n']);
    assert.deepEqual(left('a\nb\nc\n', 'a\nc\n', 'x\ny\nz\n'), []);
  });

  it('leaves them where it changes other lines, puts theirs in another form, or changes a word', () => {
    assert.deepEqual(left('a\nb\nc\n', 'a\nB\nc\n', 'A\nB\nc\n'), ['b\n>B\n']);
    assert.deepEqual(left('a\nb\nc\n', 'a\nc\n', 'a\nc\nd\n'), ['b\n>']);
    assert.deepEqual(left('', 'call(one, two, three)\n', 'call(\n  one,\n  two,\n  three,\n);\n').length, 1);
    assert.deepEqual(left('old\n', 'const a = 1\n', 'const b = 1\n'), ['old\n>const b = 1\n']);
  });

  it('is where hunks have come back to only when all of them stand there as they were', () => {
    const review = reviewOf('a\nb\nc\nd\n', 'a\nB\nc\n', 't1');
    assert.equal(standsIn(review, 'zero\na\nB\nc\n'), true);
    assert.equal(standsIn(review, 'a\nB\nc\nd\n'), false);
    assert.equal(standsIn(review, 'a\nb\nc\n'), false);
  });

  it('of thousands of other lines is told apart within a second', () => {
    const lines = (word: string): string =>
      Array.from({ length: 5_000 }, (_, index) => `${word} ${index} ${word}\n`).join('');
    const start = performance.now();
    assert.deepEqual(left(lines('a'), lines('b'), lines('c')), []);
    assert.ok(performance.now() - start < 1_000);
  });
});
