import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { baseOf, hunksOf, nowOf, proposed, rejected, reviewOf, type Review } from '../../../../src/core/edits/review';
import { followed, formatted, stands, withEndsOf } from '../../../../src/extension/review/pending/follow';
import { withLineFeeds } from '../../../../src/extension/lineEnds';

const shown = (review: Review): readonly string[] =>
  hunksOf(review).map(({ base, now, touched }) => `${base}>${now}${touched ? '*' : ''}`);

const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end'))
  .map(([lines, last]) => lines.join('') + last);

describe('Following what is typed', () => {
  it('always ends with the text that the editor shows, and loses none of it when the hunks go', () => {
    const edit = fc.record({
      at: fc.nat(),
      length: fc.nat({ max: 8 }),
      text: fc.constantFrom('U', 'U\n', '\nU\nU', ''),
    });
    fc.assert(
      fc.property(text, text, fc.array(edit, { maxLength: 5 }), (base, landed, edits) => {
        let review = reviewOf(base, landed, 't');
        for (const { at, length, text: typed } of edits) {
          const now = nowOf(review);
          const rangeOffset = at % (now.length + 1);
          const rangeLength = Math.min(length, now.length - rangeOffset);
          const after = now.slice(0, rangeOffset) + typed + now.slice(rangeOffset + rangeLength);
          review = followed(review, [{ rangeOffset, rangeLength, text: typed }], after);
          assert.equal(nowOf(review), after);
        }
        const theirs = nowOf(review).split('U').length;
        const untouched = hunksOf(review).filter((hunk) => !hunk.touched);
        const left = nowOf(
          rejected(
            review,
            untouched.map(({ id }) => id),
          ),
        );
        assert.equal(left.split('U').length, theirs);
      }),
      { numRuns: 2_000 },
    );
  });

  it('compares lines where the changes do not fit what it knows', () => {
    const review = reviewOf('a\nb\n', 'a\nB\n', 't');
    const after = followed(review, [{ rangeOffset: 99, rangeLength: 0, text: 'x' }], 'x\na\nB\n');
    assert.deepEqual(shown(after), ['b\n>B\n']);
    assert.equal(baseOf(after), 'x\na\nb\n');
  });

  it('keeps hunks apart when a formatter replaces the whole text', () => {
    const review = reviewOf('one\n  two\nthree\nfour\n', 'one\n  2\nthree\n  4\n', 't');
    const whole = [{ rangeOffset: 0, rangeLength: nowOf(review).length, text: 'ONE\n2\nthree\n4\n' }];
    assert.deepEqual(shown(followed(review, whole, 'ONE\n2\nthree\n4\n')), ['  two\n>2\n*', 'four\n>4\n*']);
    const after = formatted(review, 'ONE\n2\nthree\n4\n');
    assert.deepEqual(shown(after), ['  two\n>2\n', 'four\n>4\n']);
    assert.equal(baseOf(after), 'ONE\n  two\nthree\nfour\n');
  });

  it('keeps in mind what the user has touched when a formatter goes over it', () => {
    const review = followed(
      reviewOf('a\nb\nc\n', 'a\nB\nc\n', 't'),
      [{ rangeOffset: 3, rangeLength: 0, text: '!' }],
      'a\nB!\nc\n',
    );
    assert.deepEqual(shown(formatted(review, 'a\nB !\nC\n')), ['b\n>B !\n*']);
  });

  it('takes mixed line ends for what the editor shows', () => {
    const review = reviewOf('a\r\nb\nc\rd\n', 'a\r\nB\nc\rd\n', 't');
    assert.equal(followed(review, [], 'a\nB\nc\nd\n'), followed(review, [], nowOf(review)));
    const typed = followed(review, [{ rangeOffset: 0, rangeLength: 0, text: 'x' }], 'xa\nB\nc\nd\n');
    assert.equal(nowOf(typed), 'xa\r\nB\nc\rd\n');
    assert.deepEqual(shown(typed), ['b\n>B\n']);
  });

  it('converts both sides with the file’s line ends', () => {
    const review = proposed(reviewOf('a\nb\nc\n', 'a\nB\nc\n', 't'), 'a\nB\nc\nd\n', 'u');
    const after = followed(review, [], 'a\r\nB\r\nc\r\nd\r\n');
    assert.deepEqual(shown(after), ['b\r\n>B\r\n', '>d\r\n']);
    assert.equal(baseOf(after), 'a\r\nb\r\nc\r\n');
  });

  it('gives any review the line ends of the text that stands there', () => {
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const ends = fc.array(end, { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(text, text, ends, (base, now, other) => {
        const review = reviewOf(base, now, 't');
        let at = 0;
        // A lone carriage return before an empty line's feed would melt with it.
        const fresh = now.replace(/\n/g, () =>
          other.includes('\r') && other.includes('\n') ? '\r\n' : (other[at++] ?? '\n'),
        );
        assert.ok(stands(review, fresh));
        const after = withEndsOf(review, fresh);
        assert.equal(nowOf(after), fresh);
        assert.equal(withLineFeeds(baseOf(after)), base);
      }),
    );
  });
});
