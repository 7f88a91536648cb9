import { baseOf, proposed, rebasedTo, type Review } from '../../../core/edits/review';
import type { EditConsent } from '../../../core/sandbox/sandbox';
import { asOnDisk } from './asOnDisk';
import { stands } from './follow';
import { settledReview, type FileRecord } from './fileRecord';

/** One file's change that is about to land, with what has to be known of the file. */
export interface RecordedChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What is known of the file apart from its reviews, for a file that is not pending yet. */
  readonly about: Pick<FileRecord, 'path' | 'address' | 'display' | 'since' | 'isSecret' | 'encoding' | 'pair'>;
  /** What a deletion would take away: the countersigned bytes. */
  readonly original: FileRecord['original'];
}

/**
 * What is pending once the change has landed; undefined: nothing. Edits that nobody has to review are countersigned by
 * that, and so belong to the baseline.
 */
export function landedRecord(
  prior: FileRecord | undefined,
  change: RecordedChange,
  consent: EditConsent,
): FileRecord | undefined {
  const known = prior && inStep(prior, change.before);
  return consent.kind === 'pending' ? agentsRecord(known, change, consent) : countersigned(known, change);
}

function countersigned(known: FileRecord | undefined, { before, after }: RecordedChange): FileRecord | undefined {
  if (!known || before === undefined || after === undefined) return undefined;
  return withReview(known, rebasedTo(known.review, after));
}

function agentsRecord(
  known: FileRecord | undefined,
  { before, after, about, original }: RecordedChange,
  { agentId, turnId }: Extract<EditConsent, { readonly kind: 'pending' }>,
): FileRecord | undefined {
  const authors = { ...known?.authors, [turnId]: agentId };
  const from = { ...about, ...(known && { since: known.since }), state: 'here', authors, away: known?.away } as const;
  const nextId = known?.review.nextId ?? 1;
  const between = (base: string, now: string): Review => proposed(settledReview(base, nextId), now, turnId);
  if (after === undefined) {
    // Made by an agent and taken away again before anybody has looked: there is nothing to judge.
    if (known?.kind === 'created') return undefined;
    const base = known ? baseOf(known.review) : (before ?? '');
    return withReview({ ...from, kind: 'deleted', original }, between(base, ''));
  }
  if (before === undefined) {
    const stood = known && known.kind !== 'created';
    const kind = stood ? 'modified' : 'created';
    return withReview(
      { ...from, kind, pair: stood ? undefined : about.pair },
      between(stood ? baseOf(known.review) : '', after),
    );
  }
  if (!known) return withReview({ ...from, kind: 'modified' }, between(before, after));
  return withReview({ ...known, authors }, proposed(known.review, after, turnId));
}

/** As the edit was planned on it: what it does not know yet was somebody else. */
function inStep(record: FileRecord, before: string | undefined): FileRecord {
  if (before === undefined || stands(record.review, before)) return record;
  return asOnDisk(record, before, false, undefined);
}

function withReview(record: Omit<FileRecord, 'review' | 'saved'>, review: Review): FileRecord {
  return { ...record, review, saved: review };
}

/** What is known of a file before its first edit. */
export function untouchedRecord(change: RecordedChange): FileRecord {
  const review = settledReview(change.before ?? '');
  return { ...change.about, kind: 'modified', state: 'here', authors: {}, review, saved: review };
}

/**
 * Which of the two stands there after a window has died while an edit landed: what was known before, or what was about to
 * be. Undefined: nothing is pending. The marker is gone in any case.
 */
export function afterCrash(record: FileRecord, text: string | undefined): FileRecord | undefined {
  const { landing, ...landed } = record;
  if (!landing) return record;
  const arrived =
    text === undefined ? landed.kind === 'deleted' : landed.kind !== 'deleted' && stands(landed.review, text);
  if (arrived) return landed;
  const { before } = landing;
  if (before === null) return text === undefined ? undefined : landed;
  if (text === undefined || stands(before.review, text)) return before;
  return landed.kind === 'deleted' ? before : landed;
}
