import { lineChanges, textLines, type TextChange } from '../../../core/edits/lineChanges';
import { accepted, hunksOf, nowOf, rebased, rebasedAll, type Review, type Segment } from '../../../core/edits/review';
import { lineEndsOf, withLineEndsOf, withLineFeeds } from '../../lineEnds';

/** One replacement as an editor tells of it, in offsets of the text before it. */
export interface EditorChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * The review once somebody has typed, `text` being what the document shows now. Changes that cannot be followed one by one
 * (whole blocks that are replaced, a document that was not as the review says) are compared line by line.
 */
export function followed(review: Review, changes: readonly EditorChange[], text: string): Review {
  const now = nowOf(review);
  if (now === text) return review;
  if (withLineFeeds(now) === withLineFeeds(text)) return withEndsOf(review, shownAs(now, text));
  if (lineEndsOf(now) !== 'mixed') {
    const typed = typedIn(review, changes);
    if (typed && nowOf(typed) === text) return typed;
  }
  return comparedTo(review, shownAs(now, text));
}

/** Whether a block is replaced by another one: formatters, pastes over a selection, a document that is read again. */
export function isCoarse({ rangeLength, text }: EditorChange): boolean {
  return rangeLength > 1 && text.includes('\n');
}

/** The review once a formatter has left `text`: what it changes in a hunk belongs to the hunk, and is no typing of the user's. */
export function formatted(review: Review, text: string): Review {
  const standing = stands(review, text) ? withEndsOf(review, text) : comparedTo(review, text);
  const touched = new Set(hunksOf(review).flatMap((hunk) => (hunk.touched ? [hunk.id] : [])));
  const left = new Set(hunksOf(standing).map(({ id }) => id));
  // What was touched has melted into another hunk: that one is.
  if ([...touched].some((id) => !left.has(id))) return standing;
  const segments = standing.segments.map((one): Segment =>
    one.kind === 'hunk' ? { ...one, touched: touched.has(one.id) } : one,
  );
  return { ...standing, segments };
}

/** Whether the review's text is this one, whatever the line ends: an editor shows one kind of them for a whole document. */
export function stands(review: Review, text: string): boolean {
  const now = nowOf(review);
  return now === text || (now.length >= text.length / 2 && withLineFeeds(now) === withLineFeeds(text));
}

/** The text that a document shows as `shown`, with the line ends that it has on disk as long as nobody saves it. */
export function shownAs(now: string, shown: string): string {
  return lineEndsOf(now) === 'mixed' ? withLineEndsOf(now, shown) : shown;
}

/** The same lines with the line ends of `text`, which differs in nothing else. Where it has one kind of them the baseline gets it too. */
export function withEndsOf(review: Review, text: string): Review {
  if (nowOf(review) === text) return review;
  const ends = lineEndsOf(text);
  const converted = (one: string): string =>
    ends === 'mixed' ? one : ends === 'crlf' ? withLineFeeds(one).replace(/\n/g, '\r\n') : withLineFeeds(one);
  let at = 0;
  const taken = (one: string): string => {
    const start = at;
    for (let left = withLineFeeds(one).length; left > 0; left--) at += text.startsWith('\r\n', at) ? 2 : 1;
    return text.slice(start, at);
  };
  const segments = review.segments.map((one): Segment =>
    one.kind === 'same'
      ? { kind: 'same', text: taken(one.text) }
      : { ...one, base: converted(one.base), now: taken(one.now) },
  );
  // Hunks that differed in their line ends alone are none any more.
  return accepted({ ...review, segments }, []);
}

/** As `rebasedTo`, but as many lines in place of others are told apart one by one: so do formatters change them. */
function comparedTo(review: Review, text: string): Review {
  const now = nowOf(review);
  return rebasedAll(
    review,
    lineChanges(now, text).flatMap((change) => lineByLine(change, now)),
  );
}

function lineByLine(change: TextChange, now: string): readonly TextChange[] {
  const old = textLines(now.slice(change.start, change.end));
  const fresh = textLines(change.text);
  if (old.length !== fresh.length) return [change];
  let at = change.start;
  return old.flatMap((line, index) => {
    const start = at;
    at += line.length;
    const text = fresh[index] ?? '';
    return text === line ? [] : [{ start, end: at, text }];
  });
}

function typedIn(review: Review, changes: readonly EditorChange[]): Review | undefined {
  if (changes.some(isCoarse)) return undefined;
  return changes.reduce(
    (typed, { rangeOffset, rangeLength, text }) =>
      rebased(typed, { start: rangeOffset, end: rangeOffset + rangeLength, text }),
    review,
  );
}
