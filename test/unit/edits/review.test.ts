import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { withChanges, lineChanges } from '../../../src/core/edits/lineChanges';
import {
  accepted,
  baseOf,
  hunksOf,
  nowOf,
  proposed,
  rebased,
  rebasedAll,
  rebasedTo,
  rejected,
  reviewOf,
} from '../../../src/core/edits/review';

/** Few different lines, so that texts have much in common; every kind of line end, and none at the end. */
const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '\r\n', 'd\n', 'x\ry\n', '\uFEFFe\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('', 'end', '\r'))
  .map(([lines, last]) => lines.join('') + last);

describe('The review algebra', () => {
  it('gives back both sides, whatever they are', () => {
    fc.assert(
      fc.property(text, text, (base, now) => {
        const review = reviewOf(base, now, 't1');
        assert.equal(baseOf(review), base);
        assert.equal(nowOf(review), now);
        assert.equal(withChanges(base, lineChanges(base, now)), now);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives exactly the base with the accepted hunks, in any order of accepting and rejecting any of them', () => {
    fc.assert(
      fc.property(text, text, fc.infiniteStream(fc.nat()), (base, now, choices) => {
        const whole = reviewOf(base, now, 't1');
        const changes = lineChanges(base, now);
        assert.equal(hunksOf(whole).length, changes.length);
        const left = [...hunksOf(whole)].map(({ id }, index) => ({ id, change: changes[index] }));
        const kept = new Set<number>();
        let review = whole;
        while (left.length > 0) {
          const [one] = left.splice((choices.next().value ?? 0) % left.length, 1);
          if (!one) break;
          const keep = (choices.next().value ?? 0) % 2 === 0;
          review = keep ? accepted(review, [one.id]) : rejected(review, [one.id]);
          if (keep) kept.add(one.id);
        }
        const expected = withChanges(
          base,
          changes.filter((_change, index) => kept.has(hunksOf(whole)[index]?.id ?? -1)),
        );
        assert.equal(nowOf(review), expected);
        assert.equal(baseOf(review), expected);
        assert.deepEqual(hunksOf(review), []);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes many changes at once as it would take them one by one', () => {
    fc.assert(
      fc.property(text, text, text, (base, first, second) => {
        const review = reviewOf(base, first, 't1');
        const changes = lineChanges(first, second);
        const oneByOne = changes.reduceRight(rebased, review);
        assert.deepEqual(rebasedAll(review, changes), oneByOne);
        const typed = Array.from({ length: Math.floor(second.length / 3) }, (_, index) => {
          const start = index * 3;
          return { start, end: start + (index % 3), text: 'U' };
        });
        const grown = rebasedTo(review, second);
        assert.deepEqual(rebasedAll(grown, typed), typed.reduceRight(rebased, grown));
      }),
      { numRuns: 1_000 },
    );
  });

  it('loses nothing that somebody else types between, nor counts it as the agent’s', () => {
    const typed = fc.record({ at: fc.nat(), length: fc.nat({ max: 6 }), mark: fc.constantFrom('U', 'U\n', '\nU') });
    fc.assert(
      fc.property(text, text, text, fc.array(typed, { maxLength: 4 }), (base, first, second, edits) => {
        let review = reviewOf(base, first, 't1');
        for (const { at, length, mark } of edits) {
          const now = nowOf(review);
          const start = at % (now.length + 1);
          const change = { start, end: Math.min(now.length, start + length), text: mark };
          const grown = rebased(review, change);
          assert.equal(nowOf(grown), withChanges(now, [change]));
          const isTheirs = hunksOf(grown).some((hunk) => hunk.touched && hunk.now.includes('U'));
          if (!isTheirs) assert.ok(baseOf(grown).includes('U'));
          for (const hunk of hunksOf(grown)) if (hunk.now.includes('U')) assert.ok(hunk.touched);
          const keptAll = rejected(
            grown,
            hunksOf(grown)
              .filter(({ touched }) => !touched)
              .map(({ id }) => id),
          );
          assert.equal(count(nowOf(keptAll)), count(nowOf(grown)));
          review = grown;
        }
        const again = proposed(review, second, 't2');
        assert.equal(nowOf(again), second);
        assert.equal(baseOf(again), baseOf(review));
      }),
      { numRuns: 2_000 },
    );
  });
});

function count(text: string): number {
  return text.split('U').length - 1;
}
