import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { lineChanges, withChanges } from '../../../src/core/edits/lineChanges';

const joined = (lines: readonly string[]): string => lines.join('');

function checked(before: string, after: string): number {
  const changes = lineChanges(before, after);
  assert.equal(withChanges(before, changes), after);
  for (const [index, { start, end, text }] of changes.entries()) {
    assert.ok(start < end || text !== '');
    assert.ok(index === 0 || (changes[index - 1]?.end ?? 0) < start, 'they touch each other');
  }
  return changes.length;
}

describe('What differs between two texts', () => {
  it('is whole lines that make the one of the other, however many there are', () => {
    const few = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '}\n');
    const own = fc.nat({ max: 400 }).map((number) => `line ${number}\n`);
    const text = fc.array(fc.oneof(few, own), { maxLength: 600, size: 'max' }).map(joined);
    fc.assert(
      fc.property(text, text, (before, after) => void checked(before, after)),
      { numRuns: 100 },
    );
  });

  it('is found line by line in a long file, half of which is changed', () => {
    const before = Array.from({ length: 5_000 }, (_, index) => `  const value${index} = compute(${index % 17});\n`);
    const after = before.map((line, index) => (index % 2 === 0 ? line.replace('compute', 'computeAnew') : line));
    assert.equal(checked(joined(before), joined(after)), 2_500);
  });

  it('is found where nearly all lines are the same ones again and again', () => {
    const before = Array.from({ length: 6_000 }, (_, index) => ['{\n', '  x;\n', '}\n', '\n'][index % 4] ?? '');
    const after = before.map((line, index) => (index % 40 === 1 ? `  y${index};\n` : line));
    assert.equal(checked(joined(before), joined(after)), 150);
  });

  it('is one place where no line is left, and takes no long time where all lines have moved', () => {
    const numbered = (name: string, count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => `${name} ${index}\n`);
    assert.equal(checked(joined(numbered('old', 20_000)), joined(numbered('new', 20_000))), 1);
    const started = performance.now();
    checked(joined(numbered('one', 10_000)), joined(numbered('one', 10_000).toReversed()));
    const mixed = Array.from({ length: 10_000 }, (_, index) => `${(index * 7_919) % 23}\n`);
    const other = Array.from({ length: 10_000 }, (_, index) => `${(index * 104_729 + (index >> 3)) % 29}\n`);
    checked(joined(mixed), joined(other));
    assert.ok(performance.now() - started < 5_000);
  });
});
