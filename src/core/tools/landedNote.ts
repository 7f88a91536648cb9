import { cutAtLine, unifiedDiff } from '../edits/hunks';
import { outcomeOf, type Outcome, type OutcomePlace } from '../edits/outcome';
import type { AppliedChange, EditConsent, FileChange } from '../sandbox/sandbox';

const maxNoteCharacters = 8_000;

/**
 * What the model reads about an edit that did not land as it was proposed: what the user took and left of it, what they said
 * with it, and what saving made of it. Undefined: there is nothing to tell.
 * @param reason what the user wrote with the approval
 */
export function landedNote(
  consent: EditConsent,
  changes: readonly FileChange[],
  applied: readonly AppliedChange[],
  reason = '',
): string | undefined {
  const differing = changes.flatMap((change) => {
    const landed = applied.find(({ display }) => display === change.display);
    return landed ? differenceOf(change, landed, consent) : [];
  });
  const said = reason.trim();
  if (differing.length === 0) return said === '' ? undefined : `The user wrote with the approval: ${said}`;
  const sentences = [
    ...differing.flatMap(({ told }) => told),
    ...(said === '' ? [] : [`Reason: ${said}`]),
    'From what you proposed to what stands there now:',
  ];
  const diffs = differing.map(({ display, diff }) => (differing.length === 1 ? diff : `${display}\n${diff}`));
  return cutAtLine([sentences.join(' '), ...diffs].join('\n'), maxNoteCharacters);
}

interface Difference {
  readonly display: string;
  /** Sentences. */
  readonly told: readonly string[];
  readonly diff: string;
}

function differenceOf(change: FileChange, landed: AppliedChange, consent: EditConsent): readonly Difference[] {
  const { before, after, display } = change;
  const left = landed.approved ?? { text: consent.kind === 'approved' ? landed.after : after };
  const told = [
    ...(left.text === after ? [] : [outcomeText(display, outcomeOf(before, after, left.text))]),
    ...(landed.after === left.text ? [] : [`Saving ${display} changed it further, as a formatter does.`]),
  ];
  const { diff } = unifiedDiff(after ?? '', landed.after ?? '');
  return told.length === 0 ? [] : [{ display, told, diff }];
}

/** For example "The user accepted 2 of your 3 hunks for a.ts and rejected the one at line 14.": lines as in what was proposed. */
export function outcomeText(display: string, { hunks, accepted, rejected, changed, elsewhere }: Outcome): string {
  const done = [
    ...(accepted > 0 ? [`accepted ${countOf(accepted, hunks)} for ${display}`] : []),
    ...(rejected.length > 0 ? [`rejected ${placesOf(rejected, hunks, accepted === 0 ? display : undefined)}`] : []),
    ...(changed.length > 0
      ? [`changed ${placesOf(changed, hunks, accepted + rejected.length === 0 ? display : undefined)}`]
      : []),
    ...(elsewhere.length > 0 ? [`changed what you had not proposed to change, ${atLines(elsewhere)}`] : []),
  ];
  return `The user ${listed(done)}.`;
}

function countOf(count: number, hunks: number): string {
  if (hunks === 1) return 'your hunk';
  return count === hunks ? `all ${hunks} of your hunks` : `${count} of your ${hunks} hunks`;
}

function placesOf(places: readonly OutcomePlace[], hunks: number, display: string | undefined): string {
  const where = atLines(places.map(({ line }) => line));
  if (display === undefined) return `${places.length === 1 ? 'the one' : `${places.length}`} ${where}`;
  return `${countOf(places.length, hunks)} for ${display}, ${where}`;
}

function atLines(lines: readonly number[]): string {
  return `at line${lines.length === 1 ? '' : 's'} ${listed(lines.map(String))}`;
}

function listed(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');
}
