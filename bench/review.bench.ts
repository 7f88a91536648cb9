import { accepted, hunksOf, nowOf, proposed, rebased, rejected, reviewOf } from '../src/core/edits/review';
import { median, ms, say, title } from './figures';

const rounds = 50;

/** A file of so many lines, of which an agent has changed every `every`-th. */
function changedFile(lines: number, every: number): { readonly base: string; readonly now: string } {
  const base = Array.from({ length: lines }, (_, index) => `  const value${index} = compute(${index % 17});\n`);
  const now = base.map((line, index) => (index % every === 0 ? line.replace('compute', 'computeAnew') : line));
  return { base: base.join(''), now: now.join('') };
}

function measured(work: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(times);
}

for (const lines of [500, 5_000, 50_000]) {
  const { base, now } = changedFile(lines, 50);
  const review = reviewOf(base, now, 'turn');
  const hunks = hunksOf(review);
  const middle = hunks[Math.floor(hunks.length / 2)];
  if (!middle) throw new Error('The file has no hunks.');
  title(`a file of ${lines} lines with ${hunks.length} hunks; medians of ${rounds}`);
  say('comparing both sides', ms(measured(() => reviewOf(base, now, 'turn'))));
  say(
    'accepting one hunk, and where the others stand',
    ms(measured(() => hunksOf(accepted(review, [middle.id])))),
    '50 ms',
  );
  say('rejecting one hunk, and the text after it', ms(measured(() => nowOf(rejected(review, [middle.id])))), '50 ms');
  const key = { start: middle.offset + 3, end: middle.offset + 3, text: 'x' };
  say('a key pressed inside of a hunk', ms(measured(() => hunksOf(rebased(review, key)))), '16 ms');
  const again = now.replace('value1 ', 'value1x ');
  say('the agent’s next edit', ms(measured(() => proposed(review, again, 'turn2'))));
}
