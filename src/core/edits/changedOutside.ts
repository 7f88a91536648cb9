import { lineChanges, textLines, type TextChange } from './lineChanges';
import { hunksOf, nowOf, rebasedTo, rejected, type Hunk, type Review } from './review';

/** A review once something outside of the editor has put another text in the place of its own. */
export interface ChangedReview {
  readonly review: Review;
  /** Some hunk's text is gone, so that nobody has to judge it any more: another branch was checked out, for example. */
  readonly isLost: boolean;
}

/**
 * As `rebasedTo`, for a text that may have nothing to do with the one before. A hunk of which no line is left, or whose deleted
 * lines are back, is none any more: what stands there is not the agent's, and rejecting it would write over it. Lines that
 * were only put in another form (by a formatter), or changed in the lesser part, still are.
 */
export function changedOutside(review: Review, text: string): ChangedReview {
  const now = nowOf(review);
  const changes = lineChanges(now, text);
  const isAllOther = changes.some(({ start, end }) => start === 0 && end === now.length);
  const lost = hunksOf(review).filter((hunk) => isGone(hunk, changes) || (isAllOther && hunk.now === ''));
  if (lost.length === 0) return { review: rebasedTo(review, text), isLost: false };
  const ids = lost.map(({ id }) => id);
  // Their baseline, not their text, is what the rest is compared with: what nobody has seen is not countersigned.
  return { review: rebasedTo(rejected(review, ids), text), isLost: true };
}

/** Whether all hunks stand in `text` as they were, so that they can be judged there. */
export function standsIn(review: Review, text: string): boolean {
  const { review: found, isLost } = changedOutside(review, text);
  const sides = (one: Review): string => JSON.stringify(hunksOf(one).map(({ base, now }) => [base, now]));
  return !isLost && sides(found) === sides(review);
}

function isGone(hunk: Hunk, changes: readonly TextChange[]): boolean {
  const [start, end] = [hunk.offset, hunk.offset + hunk.now.length];
  const met = changes.filter((change) => change.start <= end && start <= change.end);
  if (hunk.now === '') return met.some((change) => isBack(hunk.base, change, start));
  const inside = met.filter((change) => change.start < end && start < change.end);
  if (inside.length === 0) return false;
  const base = new Set(textLines(hunk.base).map(wordsOf));
  const lines = textLines(hunk.now);
  const own = lines.map(wordsOf).filter((line) => line !== '' && !base.has(line));
  const standing = standingLines(hunk, inside).map(wordsOf);
  const all = ` ${standing.filter(Boolean).join(' ')} `;
  return !own.some((line) => all.includes(` ${line} `) || isLike(line, standing, own.length));
}

/** Whether a change brings deleted lines back, or stands in the place of what was around them. */
function isBack(base: string, { start, end, text }: TextChange, at: number): boolean {
  if (start < at && at < end) return true;
  const lines = new Set(textLines(text).map((line) => line.trim()));
  return textLines(base).some((line) => line.trim() !== '' && lines.has(line.trim()));
}

/** What stands in the place of the hunk. */
function standingLines(hunk: Hunk, changes: readonly TextChange[]): readonly string[] {
  const end = hunk.offset + hunk.now.length;
  const parts: string[] = [];
  let at = hunk.offset;
  for (const change of changes) {
    parts.push(hunk.now.slice(at - hunk.offset, Math.max(change.start - hunk.offset, 0)), change.text);
    at = change.end;
  }
  if (at < end) parts.push(hunk.now.slice(at - hunk.offset));
  return textLines(parts.join(''));
}

/** Its words, or its signs where it has no words: what formatters leave as it is. */
function wordsOf(line: string): string {
  return (line.match(/[\p{L}\p{N}_]+/gu) ?? line.match(/\S+/g) ?? []).join(' ');
}

/** More lines than these are not compared one by one with each other. */
const maxPairs = 10_000;

/** Whether one of the lines has more than half of its words in common with this one. */
function isLike(line: string, lines: readonly string[], count: number): boolean {
  if (lines.length * count > maxPairs) return false;
  const words = new Set(line.split(' '));
  return lines.some((other) => {
    const others = new Set(other.split(' '));
    const common = [...words].filter((word) => others.has(word)).length;
    return common * 4 > words.size + others.size;
  });
}
