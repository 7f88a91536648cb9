import { lineChanges, type TextChange } from './lineChanges';

/** Unique within its review, never used again there. */
export type HunkId = number;

/** Text that nobody has to judge, or a hunk: what stood there and what stands there now. */
export type Segment =
  | { readonly kind: 'same'; readonly text: string }
  | {
      readonly kind: 'hunk';
      readonly id: HunkId;
      readonly base: string;
      readonly now: string;
      /** Whose: what the caller gave to `proposed`, the turn for example. Of several the last one's. */
      readonly origin: string;
      /** Somebody else has typed inside: it is theirs to judge as a whole. */
      readonly touched: boolean;
    };

/**
 * A text under review: in one row what both sides share and what the agent changed. The baseline is what was countersigned,
 * `now` is what stands there. Plain data: it can be stored as it is. Texts that stand side by side are one.
 */
export interface Review {
  readonly segments: readonly Segment[];
  readonly nextId: HunkId;
}

export type HunkSegment = Extract<Segment, { readonly kind: 'hunk' }>;

/** A hunk with its place. Lines are 0-based; a side without lines stands before the line `start`. */
export interface Hunk extends HunkSegment {
  readonly baseStart: number;
  readonly baseLines: number;
  readonly nowStart: number;
  readonly nowLines: number;
  /** Its offset in `now`. */
  readonly offset: number;
}

/** Everything that differs, as hunks of whole lines. */
export function reviewOf(base: string, now: string, origin: string): Review {
  return proposed({ segments: joined([{ kind: 'same', text: base }]), nextId: 1 }, now, origin);
}

/** What was countersigned. */
export function baseOf(review: Review): string {
  return textOf(review.segments, 'base');
}

/** What stands there. */
export function nowOf(review: Review): string {
  return textOf(review.segments, 'now');
}

/** From top to bottom. */
export function hunksOf(review: Review): readonly Hunk[] {
  const hunks: Hunk[] = [];
  const at = { baseStart: 0, nowStart: 0, offset: 0 };
  for (const segment of review.segments) {
    const [base, now] = [sideOf(segment, 'base'), sideOf(segment, 'now')];
    if (isHunk(segment)) hunks.push({ ...segment, ...at, baseLines: linesIn(base), nowLines: linesIn(now) });
    at.baseStart += breaksIn(base);
    at.nowStart += breaksIn(now);
    at.offset += now.length;
  }
  return hunks;
}

/** The hunks stay and are countersigned. Unknown ids are fine. */
export function accepted(review: Review, ids: Iterable<HunkId>): Review {
  return decided(review, new Set(ids), ({ now }) => now);
}

/** The hunks go, with whatever was typed inside them; what stood there before comes back. Unknown ids are fine. */
export function rejected(review: Review, ids: Iterable<HunkId>): Review {
  return decided(review, new Set(ids), ({ base }) => base);
}

/**
 * The agent changes what stands there into `now`. A change that meets a hunk becomes part of it; where a hunk is as it was in
 * the beginning it is gone.
 */
export function proposed(review: Review, now: string, origin: string): Review {
  return changedBy(review, lineChanges(nowOf(review), now), (part, change) => withHunk(part, change, origin));
}

/**
 * Somebody else changes one place of what stands there. Outside of all hunks it is countersigned by that; inside of one, or
 * over its edge, the hunk grows by it.
 */
export function rebased(review: Review, change: TextChange): Review {
  const { before, met, after, from } = around(review.segments, change, isInside);
  const typed = changed(met, change, from);
  const first = met.find(isHunk);
  const middle: Segment = first
    ? { ...first, base: textOf(met, 'base'), now: typed, touched: true }
    : { kind: 'same', text: typed };
  return { ...review, segments: joined([...before, middle, ...after]) };
}

/** As `rebased`, for whoever only knows what stands there now: compared line by line. */
export function rebasedTo(review: Review, now: string): Review {
  return rebasedAll(review, lineChanges(nowOf(review), now));
}

/** As `rebased`, for changes that are ascending, do not overlap, and all count in what stands there before. */
export function rebasedAll(review: Review, changes: readonly TextChange[]): Review {
  return changedBy(review, changes, rebased);
}

/**
 * One change after the other, the last one first: the offsets of what comes before stay as they are. Each one sees only the
 * segments around it: a long text with many of them is gone through once.
 */
function changedBy(
  review: Review,
  changes: readonly TextChange[],
  change: (part: Review, change: TextChange) => Review,
): Review {
  const left = [...review.segments];
  const right: Segment[] = [];
  let { nextId } = review;
  let end = lengthOf(left);
  const moveLast = (last: Segment, to: Segment[]): void => {
    left.pop();
    end -= lengthOf([last]);
    to.push(last);
  };
  for (const one of changes.toReversed()) {
    for (let last = left.at(-1); last && end - lengthOf([last]) > one.end; last = left.at(-1)) moveLast(last, right);
    const part: Segment[] = [];
    for (let last = left.at(-1); last && end >= one.start; last = left.at(-1)) moveLast(last, part);
    const changed = change(
      { segments: part.reverse(), nextId },
      { start: one.start - end, end: one.end - end, text: one.text },
    );
    left.push(...changed.segments);
    end += lengthOf(changed.segments);
    nextId = changed.nextId;
  }
  return { segments: joined([...left, ...right.reverse()]), nextId };
}

function withHunk(review: Review, change: TextChange, origin: string): Review {
  const { before, met, after, from } = around(review.segments, change, isTouching);
  const known = met.filter(isHunk);
  const hunk: HunkSegment = {
    kind: 'hunk',
    id: known[0]?.id ?? review.nextId,
    base: textOf(met, 'base'),
    now: changed(met, change, from),
    origin,
    touched: known.some(({ touched }) => touched),
  };
  const nextId = Math.max(review.nextId, hunk.id + 1);
  return { segments: joined([...before, hunk, ...after]), nextId };
}

function decided(review: Review, ids: ReadonlySet<HunkId>, left: (hunk: HunkSegment) => string): Review {
  const segments = review.segments.map((segment): Segment =>
    isHunk(segment) && ids.has(segment.id) ? { kind: 'same', text: left(segment) } : segment,
  );
  return { ...review, segments: joined(segments) };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

type Meets = (change: TextChange, hunk: Place & { readonly now: string }) => boolean;

/** Whether a change of somebody else's belongs to the hunk: at its edges only what goes on in its first or last line. */
function isInside({ start, end, text }: TextChange, hunk: Place & { readonly now: string }): boolean {
  if (hunk.start === hunk.end) return start < hunk.start && hunk.end < end;
  if (start < end) return start < hunk.end && hunk.start < end;
  if (start === hunk.start) return !text.endsWith('\n');
  if (start === hunk.end) return !hunk.now.endsWith('\n');
  return hunk.start < start && start < hunk.end;
}

/** Lines that follow each other without a line between are one hunk. */
function isTouching({ start, end }: TextChange, hunk: Place): boolean {
  return start <= hunk.end && hunk.start <= end;
}

interface Around {
  readonly before: readonly Segment[];
  /** All hunks that the change meets, and the text that lies under it and between them. */
  readonly met: readonly Segment[];
  readonly after: readonly Segment[];
  /** The offset of `met` in what stands there. */
  readonly from: number;
}

function around(segments: readonly Segment[], change: TextChange, meets: Meets): Around {
  const placed = placesOf(segments);
  const isMet = ({ segment, ...place }: Placed): boolean =>
    isHunk(segment) && meets(change, { ...place, now: segment.now });
  const hunks = placed.filter(isMet);
  const from = Math.min(change.start, hunks[0]?.start ?? change.start);
  const to = Math.max(change.end, hunks.at(-1)?.end ?? change.end);
  const parts: { before: Segment[]; met: Segment[]; after: Segment[] } = { before: [], met: [], after: [] };
  for (const one of placed) {
    const { segment, start, end } = one;
    if (isMet(one)) parts.met.push(segment);
    else if (end <= from) parts.before.push(segment);
    else if (start >= to) parts.after.push(segment);
    else if (!isHunk(segment)) {
      const [left, right] = [Math.max(from - start, 0), Math.min(to - start, segment.text.length)];
      parts.before.push({ kind: 'same', text: segment.text.slice(0, left) });
      parts.met.push({ kind: 'same', text: segment.text.slice(left, right) });
      parts.after.push({ kind: 'same', text: segment.text.slice(right) });
    }
  }
  return { ...parts, from };
}

interface Placed extends Place {
  readonly segment: Segment;
}

function placesOf(segments: readonly Segment[]): readonly Placed[] {
  let start = 0;
  return segments.map((segment) => {
    const end = start + sideOf(segment, 'now').length;
    const placed = { segment, start, end };
    start = end;
    return placed;
  });
}

/** What stands in `met` once the change is made. */
function changed(met: readonly Segment[], { start, end, text }: TextChange, from: number): string {
  const now = textOf(met, 'now');
  return now.slice(0, start - from) + text + now.slice(end - from);
}

/** Empty texts and hunks that change nothing are gone, texts side by side are one. */
function joined(segments: readonly Segment[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const text = isHunk(segment) ? (segment.base === segment.now ? segment.now : undefined) : segment.text;
    const last = result.at(-1);
    if (text === undefined) result.push(segment);
    else if (text !== '' && last && !isHunk(last)) result[result.length - 1] = { kind: 'same', text: last.text + text };
    else if (text !== '') result.push({ kind: 'same', text });
  }
  return result;
}

function isHunk(segment: Segment): segment is HunkSegment {
  return segment.kind === 'hunk';
}

function sideOf(segment: Segment, side: 'base' | 'now'): string {
  return isHunk(segment) ? segment[side] : segment.text;
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + sideOf(segment, 'now').length, 0);
}

function textOf(segments: readonly Segment[], side: 'base' | 'now'): string {
  return segments.map((segment) => sideOf(segment, side)).join('');
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** A last line without an end counts too. */
function linesIn(text: string): number {
  return breaksIn(text) + (text === '' || text.endsWith('\n') ? 0 : 1);
}
