import { lineChanges } from './lineChanges';
import { hunksOf, rebased, reviewOf, type Hunk, type HunkId, type Review } from './review';

/** One place of a proposal. */
export interface OutcomePlace {
  /** 1-based, in the text as it was proposed; for lines that were only taken out, the line that follows them. */
  readonly line: number;
  /** What stood there before, what was proposed. */
  readonly before: string;
  readonly proposed: string;
}

/** What became of a proposal. Each of its hunks is accepted, rejected or changed. */
export interface Outcome {
  readonly hunks: number;
  readonly accepted: number;
  readonly rejected: readonly OutcomePlace[];
  readonly changed: readonly OutcomePlace[];
  /** What was changed where nothing was proposed: 1-based lines in the text as it was proposed. */
  readonly elsewhere: readonly number[];
}

type FileText = string | undefined;
type Fate = 'accepted' | 'rejected' | 'changed';

/**
 * Compares what landed with what was proposed, hunk by hunk; undefined: there is no such file. A file that is created or
 * deleted is one hunk. Where the same text can come of several choices, one of them is told.
 */
export function outcomeOf(before: FileText, proposed: FileText, landed: FileText): Outcome {
  if (before === undefined || proposed === undefined || landed === undefined) {
    const fate = landed === proposed ? 'accepted' : landed === before ? 'rejected' : 'changed';
    const whole = { line: 1, before: before ?? '', proposed: proposed ?? '' };
    return outcome([{ ...whole, fate }], []);
  }
  const review = reviewOf(before, proposed, '');
  const hunks = hunksOf(review);
  const { fates, elsewhere } = chosenFates(review, landed) ?? comparedFates(review, proposed, landed);
  return outcome(
    hunks.map((hunk) => ({ ...placeOf(hunk), fate: fates.get(hunk.id) ?? 'accepted' })),
    elsewhere,
  );
}

function outcome(places: readonly (OutcomePlace & { readonly fate: Fate })[], elsewhere: readonly number[]): Outcome {
  const of = (wanted: Fate): readonly OutcomePlace[] =>
    places.filter(({ fate }) => fate === wanted).map(({ fate: _fate, ...place }) => place);
  return {
    hunks: places.length,
    accepted: of('accepted').length,
    rejected: of('rejected'),
    changed: of('changed'),
    elsewhere,
  };
}

function placeOf({ nowStart, base, now }: Hunk): OutcomePlace {
  return { line: nowStart + 1, before: base, proposed: now };
}

interface Fates {
  readonly fates: ReadonlyMap<HunkId, Fate>;
  readonly elsewhere: readonly number[];
}

/** One way to `landed` by segments: where it stands in `landed`, and the choice that led there. */
interface Step {
  readonly offset: number;
  readonly fate?: Fate;
  readonly previous: Step | undefined;
}

/** Undefined unless `landed` is the text before with some of the hunks, as they were proposed. */
function chosenFates(review: Review, landed: string): Fates | undefined {
  let steps: readonly Step[] = [{ offset: 0, previous: undefined }];
  for (const segment of review.segments) {
    const reached = new Map<number, Step>();
    const choices: readonly (readonly [string, Fate | undefined])[] =
      segment.kind === 'same'
        ? [[segment.text, undefined]]
        : [
            [segment.now, 'accepted'],
            [segment.base, 'rejected'],
          ];
    for (const previous of steps) {
      for (const [text, fate] of choices) {
        const offset = previous.offset + text.length;
        if (!reached.has(offset) && landed.startsWith(text, previous.offset))
          reached.set(offset, { offset, previous, ...(fate && { fate }) });
      }
    }
    steps = [...reached.values()];
  }
  let step = steps.find(({ offset }) => offset === landed.length);
  if (!step) return undefined;
  const fates = new Map<HunkId, Fate>();
  for (const segment of review.segments.toReversed()) {
    if (segment.kind === 'hunk') fates.set(segment.id, step?.fate ?? 'accepted');
    step = step?.previous;
  }
  return { fates, elsewhere: [] };
}

/** As if somebody had typed what makes `landed` of `proposed`: a hunk that is gone by that was taken back. */
function comparedFates(review: Review, proposed: string, landed: string): Fates {
  const fates = new Map<HunkId, Fate>();
  const elsewhere: number[] = [];
  // From the end: the offsets of what comes before stay as they are.
  for (const change of lineChanges(proposed, landed).toReversed()) {
    const grown = rebased(review, change);
    const known = new Map(hunksOf(grown).map((hunk) => [hunk.id, hunk]));
    const meant = hunksOf(review).filter(({ id, base, now }) => {
      const hunk = known.get(id);
      return hunk?.base !== base || hunk.now !== now;
    });
    // Hunks that became one by it stand under the first one's id.
    const isOneOf = meant.some(({ id }) => known.has(id));
    for (const { id } of meant) fates.set(id, isOneOf ? 'changed' : 'rejected');
    if (meant.length === 0) elsewhere.unshift(lineAt(proposed, change.start));
    review = grown;
  }
  return { fates, elsewhere };
}

/** 1-based. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
