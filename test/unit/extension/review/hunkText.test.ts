import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { reviewOf, type Hunk } from '../../../../src/core/edits/review';
import { shownHunks } from '../../../../src/extension/review/surfaces/hunkPlaces';
import { beforeText, fenced, instructionText, placeText } from '../../../../src/extension/review/surfaces/hunkText';

const hunks = (base: string, now: string): readonly Hunk[] => shownHunks(reviewOf(base, now, 'turn'));
const only = (base: string, now: string): Hunk => {
  const [hunk] = hunks(base, now);
  assert.ok(hunk);
  return hunk;
};

describe('what is said of a hunk', () => {
  it('which one it is, whether the user has a part in it, and what was deleted', () => {
    const all = hunks('a\nb\nc\nd\ne\n', 'A\nb\nc\ne\n');
    assert.deepEqual(
      all.map((hunk) => placeText(hunk, all)),
      ['1 of 2 by Countersign', '2 of 2 by Countersign: 1 line deleted here'],
    );
    const touched = { ...only('a\n', 'b\n'), touched: true };
    assert.equal(placeText(touched, [touched]), '1 of 1 by Countersign (with your changes)');
  });

  it('nothing in a text ends the block it is quoted in', () => {
    const text = fc.array(fc.constantFrom('`', '```', '````', '\n', 'a', ' ', '~~~', '\r'), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        const block = fenced(parts.join(''), 'ts');
        const [open, ...rest] = block.split('\n');
        const fence = open?.replace('ts', '') ?? '';
        assert.match(fence, /^`{3,}$/);
        assert.ok(!rest.slice(0, -1).join('\n').includes(fence));
        assert.equal(rest.at(-1), fence);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a language’s name adds no line and no ticks', () => {
    assert.equal(fenced('x', 'a`\n](command:evil)'), '```acommandevil\nx\n```');
  });

  it('the old text is shown in full up to a bound, and says what is left out', () => {
    assert.equal(beforeText(only('a\r\nb\r\n', 'c\r\n'), 'text'), 'Before:\n\n```text\na\nb\n```');
    assert.equal(beforeText(only('', 'c\n'), 'text'), 'Nothing stood here before.');
    const long = Array.from({ length: 400 }, (_, line) => `line ${line}\n`).join('');
    const text = beforeText(only(long, 'short\n'), 'text');
    assert.match(text, /line 299\n```\n\n… and 100 more lines: open the changes to see all\.$/);
    assert.ok(beforeText(only(`${'x'.repeat(1_000_000)}\n`, 'y\n'), 'text').length < 21_000);
  });

  it('a comment reaches the agent with the file, the lines and the change', () => {
    const [first, second] = hunks('a\nb\nc\nd\n', 'a\nB1\nB2\nc\n');
    assert.ok(first && second);
    assert.equal(
      instructionText('src/a.ts', first, 'Use one line.'),
      [
        'About your change in "src/a.ts", lines 2-3.',
        '',
        '```diff',
        '@@ -2,1 +2,2 @@',
        '-b',
        '+B1',
        '+B2',
        '```',
        '',
        'Use one line.',
      ].join('\n'),
    );
    assert.match(
      instructionText('a', second, 'Why?'),
      /the lines deleted before line 5\.\n\n```diff\n@@ -4,1 \+4,0 @@\n-d\n```/,
    );
    assert.match(instructionText('a', { ...first, touched: true }, 'x'), /holds changes of the user, too\./);
  });

  it('a comment on a huge change quotes its beginning', () => {
    const text = instructionText('a', only('', 'line\n'.repeat(5_000)), 'Shorter.');
    assert.ok(text.length < 20_000);
    assert.match(text, /\(4800 lines of the diff left out\.\)\n\nShorter\.$/);
  });
});
