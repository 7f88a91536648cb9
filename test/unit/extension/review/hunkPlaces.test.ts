import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { nowOf, reviewOf, type Hunk } from '../../../../src/core/edits/review';
import {
  hunkAt,
  hunkAtBase,
  hunksIn,
  neighbour,
  shownHunks,
} from '../../../../src/extension/review/surfaces/hunkPlaces';

const hunksOf = (base: string, now: string): readonly Hunk[] => shownHunks(reviewOf(base, now, 'turn'));
const places = (hunks: readonly Hunk[]): readonly string[] =>
  hunks.map((hunk) => `${hunk.baseStart}+${hunk.baseLines} ${hunk.nowStart}+${hunk.nowLines}`);
const idAt = (hunks: readonly Hunk[], line: number): number | undefined => hunkAt(hunks, line)?.id;

describe('where hunks stand in the editor', () => {
  it('lines are counted as the editor does, lone carriage returns too', () => {
    assert.deepEqual(places(hunksOf('a\nb\nc\n', 'a\nB\nc\n')), ['1+1 1+1']);
    assert.deepEqual(places(hunksOf('a\r\nb\r\nc\r\n', 'a\r\nB\r\nc\r\n')), ['1+1 1+1']);
    assert.deepEqual(places(hunksOf('1\r2\na\nb\n', '1\r2\na\nB\rBB\n')), ['3+1 3+2']);
  });

  it('each starts at the line that the editor would give its offset', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', '\r', 'c\n', ''), { maxLength: 30 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const review = reviewOf(before.join(''), after.join(''), 'turn');
        for (const hunk of shownHunks(review)) {
          const above = nowOf(review).slice(0, hunk.offset);
          assert.equal(hunk.nowStart, above.split(/\r\n|\r|\n/).length - 1);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('a line belongs to the hunk that holds it, and next to deleted lines to these', () => {
    const hunks = hunksOf('a\nb\nc\nd\ne\nf\ng\n', 'a\nB1\nB2\nc\nd\ne\ng\n');
    assert.deepEqual(places(hunks), ['1+1 1+2', '5+1 6+0']);
    const [changed, deleted] = hunks.map(({ id }) => id);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((line) => idAt(hunks, line)),
      [undefined, changed, changed, undefined, undefined, deleted, deleted, undefined],
    );
    assert.equal(hunkAtBase(hunks, 5)?.id, deleted);
    assert.equal(hunkAtBase(hunks, 2)?.id, undefined);
  });

  it('lines that hold hunk lines win over those next to deleted ones', () => {
    const hunks = hunksOf('a\nb\nc\nd\n', 'A\nb\nd\n');
    assert.deepEqual(places(hunks), ['0+1 0+1', '2+1 2+0']);
    assert.equal(idAt(hunks, 0), hunks[0]?.id);
    assert.equal(idAt(hunks, 1), hunks[1]?.id);
  });

  it('a range of lines meets what has a part of it, an empty one what it touches', () => {
    const hunks = hunksOf('a\nb\nc\nd\ne\nf\ng\n', 'a\nB1\nB2\nc\nd\ne\ng\n');
    const met = (from: number, to: number): readonly number[] =>
      hunksIn(hunks, from, to).map((hunk) => hunks.indexOf(hunk));
    assert.deepEqual(met(0, 1), []);
    assert.deepEqual(met(0, 2), [0]);
    assert.deepEqual(met(3, 6), [1]);
    assert.deepEqual(met(6, 6), [1]);
    assert.deepEqual(met(0, 7), [0, 1]);
    assert.deepEqual(met(4, 5), []);
  });

  it('going on leads through all files in order, both ways and around', () => {
    const one = { file: 'one', hunks: hunksOf('a\nb\nc\n', 'A\nb\nC\n') };
    const two = { file: 'two', hunks: hunksOf('a\nb\n', 'a\nB\n') };
    const go = (at: { index: number; line: number } | undefined, step: 1 | -1): string | undefined => {
      const next = neighbour([one, two], at, step);
      return next && `${next.file} ${next.hunk.nowStart}`;
    };
    const from = (file: 'one' | 'two', line: number) => ({ index: ['one', 'two'].indexOf(file), line });
    assert.equal(go(undefined, 1), 'one 0');
    assert.equal(go(undefined, -1), 'two 1');
    assert.deepEqual(
      [go(from('one', 0), 1), go(from('one', 1), 1), go(from('one', 2), 1)],
      ['one 2', 'one 2', 'two 1'],
    );
    assert.equal(go(from('two', 1), 1), 'one 0');
    assert.deepEqual(
      [go(from('two', 1), -1), go(from('one', 2), -1), go(from('one', 0), -1)],
      ['one 2', 'one 0', 'two 1'],
    );
    assert.equal(neighbour([], undefined, 1), undefined);
  });
});
