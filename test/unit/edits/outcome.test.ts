import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { outcomeOf } from '../../../src/core/edits/outcome';
import { accepted, baseOf, hunksOf, nowOf, rejected, reviewOf } from '../../../src/core/edits/review';
import { outcomeText } from '../../../src/core/tools/landedNote';

const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '\r\n', 'd\n', '}\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('', 'end'))
  .map(([lines, last]) => lines.join('') + last);

const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
const proposed = '1\ntwo\n3\n4\nfive\n6\n7\n8\nnine\n';

describe('The outcome of a proposal', () => {
  it('names for any choice of hunks a choice that gives what landed, and nothing else', () => {
    fc.assert(
      fc.property(text, text, fc.infiniteStream(fc.boolean()), (base, now, choices) => {
        const review = reviewOf(base, now, '');
        const kept = hunksOf(review).filter(() => choices.next().value === true);
        const landed = baseOf(
          accepted(
            review,
            kept.map(({ id }) => id),
          ),
        );
        const told = outcomeOf(base, now, landed);
        assert.deepEqual([told.changed, told.elsewhere], [[], []]);
        assert.equal(told.accepted + told.rejected.length, hunksOf(review).length);
        const lines = new Set(told.rejected.map((place) => place.line));
        const gone = hunksOf(review).filter(({ nowStart }) => lines.has(nowStart + 1));
        const taken = rejected(
          review,
          gone.map(({ id }) => id),
        );
        assert.equal(nowOf(taken), landed);
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts every hunk once, whatever landed', () => {
    fc.assert(
      fc.property(text, text, text, (base, now, landed) => {
        const told = outcomeOf(base, now, landed);
        assert.equal(told.accepted + told.rejected.length + told.changed.length, told.hunks);
        assert.equal(told.hunks, hunksOf(reviewOf(base, now, '')).length);
        const isAsProposed = told.rejected.length + told.changed.length + told.elsewhere.length === 0;
        assert.equal(isAsProposed, landed === now);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells a rejected hunk, one that the user changed, and what they changed elsewhere', () => {
    const told = outcomeOf(before, proposed, '1\n2\n3\n4\nFIVE!\n6\nseven\n8\nnine\n');
    assert.deepEqual(told, {
      hunks: 3,
      accepted: 1,
      rejected: [{ line: 2, before: '2\n', proposed: 'two\n' }],
      changed: [{ line: 5, before: '5\n', proposed: 'five\n' }],
      elsewhere: [7],
    });
    assert.equal(
      outcomeText('a.ts', told),
      'The user accepted 1 of your 3 hunks for a.ts, rejected the one at line 2, changed the one at line 5 and changed what you had not proposed to change, at line 7.',
    );
  });

  it('takes a line that could have come from either place for the one that was rejected', () => {
    const told = outcomeOf('a\n', 'a\na\n', 'a\n');
    assert.deepEqual([told.accepted, told.rejected.length, told.changed, told.elsewhere], [0, 1, [], []]);
  });

  it('takes hunks that the user made one for changed, all of them', () => {
    const told = outcomeOf(before, proposed, '1\nall of it is mine\n6\n7\n8\nnine\n');
    assert.deepEqual([told.accepted, told.rejected.length, told.changed.length], [1, 0, 2]);
  });

  it('a new file and a deletion are one hunk each', () => {
    assert.equal(outcomeText('a.ts', outcomeOf(undefined, 'x\n', 'x\n')), 'The user accepted your hunk for a.ts.');
    assert.equal(
      outcomeText('a.ts', outcomeOf(undefined, 'x\n', undefined)),
      'The user rejected your hunk for a.ts, at line 1.',
    );
    assert.equal(
      outcomeText('a.ts', outcomeOf('x\n', undefined, 'x\n')),
      'The user rejected your hunk for a.ts, at line 1.',
    );
    assert.equal(
      outcomeText('a.ts', outcomeOf(undefined, 'x\n', 'y\n')),
      'The user changed your hunk for a.ts, at line 1.',
    );
  });
});
