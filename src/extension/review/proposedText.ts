import {
  accepted,
  baseOf,
  nowOf,
  proposed,
  rejected,
  reviewOf,
  type HunkId,
  type Review,
} from '../../core/edits/review';
import { outcomeOf } from '../../core/edits/outcome';
import type { FileChange } from '../../core/sandbox/sandbox';
import { withLineEndsOf, withLineFeeds } from '../lineEnds';

/** Undefined: there is no such file. */
export type FileText = string | undefined;

/** Lines as an editor counts them, 0-based; without lines it stands before the line `start`. */
export interface LineSpan {
  readonly start: number;
  readonly lines: number;
}

/** What waits to be decided, and where the two sides of the diff show it. */
export interface OpenHunk {
  readonly id: HunkId;
  readonly base: string;
  readonly now: string;
  readonly left: LineSpan;
  readonly right: LineSpan;
}

/** What was decided of a file's hunks. */
export interface DecidedHunks {
  readonly accepted: number;
  readonly rejected: number;
  /** The user has typed into what would land. */
  readonly isChanged: boolean;
}

/**
 * One proposed file while the user decides on it, exact to the byte. What differs between `base` and `now` waits: an accepted
 * hunk has moved to `base`, of a rejected one `now` holds what stood there before. The user's own edits are hunks as well.
 */
export class ProposedText {
  readonly #change: FileChange;
  #base: FileText;
  #now: FileText;
  /** Undefined where a file comes or goes. */
  #review: Review | undefined;
  #hunks: readonly OpenHunk[] | undefined;
  #decided: DecidedHunks | undefined;
  /** How many hunks were proposed. */
  readonly proposed: number;

  constructor(change: FileChange) {
    this.#change = change;
    this.#set(change.before, change.after);
    this.proposed = this.hunks.length;
  }

  /** The left side: what stood there, with all that was accepted. */
  get base(): FileText {
    return this.#base;
  }

  /** The right side: what would land. */
  get now(): FileText {
    return this.#now;
  }

  /** Something was accepted. */
  get isAcceptedInPart(): boolean {
    return this.#base !== this.#change.before;
  }

  /** From top to bottom. A file that is created or deleted is one hunk. */
  get hunks(): readonly OpenHunk[] {
    this.#hunks ??= this.#openHunks();
    return this.#hunks;
  }

  get decided(): DecidedHunks {
    this.#decided ??= this.#decidedHunks();
    return this.#decided;
  }

  accept(ids: readonly HunkId[]): void {
    const review = this.#review && accepted(this.#review, ids);
    if (review) this.#set(baseOf(review), this.#now, review);
    else if (ids.length > 0) this.#set(this.#now, this.#now);
  }

  reject(ids: readonly HunkId[]): void {
    const review = this.#review && rejected(this.#review, ids);
    if (review) this.#set(this.#base, nowOf(review), review);
    else if (ids.length > 0) this.#set(this.#base, this.#base);
  }

  /**
   * The right side's document holds this text. Compared without line ends: the editor shows mixed ones as one kind, and that
   * alone is no change of the user's. @returns whether it is a change.
   */
  shown(text: string): boolean {
    const { before, after } = this.#change;
    const shown = withLineFeeds(text);
    if (after === undefined || shown === withLineFeeds(this.#now ?? '')) return false;
    const others = [after, this.#base, before].filter((known) => known !== undefined);
    const known = others.find((one) => withLineFeeds(one) === shown);
    // Without a text there is nothing to create.
    const isNone = shown === '' && this.#base === undefined && after !== '';
    const now = isNone ? undefined : (known ?? withLineEndsOf(this.#now ?? after, text, others));
    // What is compared anew is what the user has changed, however long the file is.
    const review = this.#review && now !== undefined ? refined(proposed(this.#review, now, '')) : undefined;
    this.#set(this.#base, now, review);
    return true;
  }

  #decidedHunks(): DecidedHunks {
    const { before, after } = this.#change;
    if (this.#base === before && this.#now === after) return { accepted: 0, rejected: 0, isChanged: false };
    const taken = outcomeOf(before, after, this.#base);
    const standing = outcomeOf(before, after, this.#now);
    return {
      accepted: taken.accepted + taken.changed.length,
      rejected: standing.rejected.length,
      isChanged: standing.changed.length + standing.elsewhere.length > 0,
    };
  }

  #openHunks(): readonly OpenHunk[] {
    if (this.#review) return placedHunks(this.#review);
    if (this.#base === this.#now) return [];
    const [base, now] = [this.#base ?? '', this.#now ?? ''];
    return [{ id: 1, base, now, left: spanAt(0, base), right: spanAt(0, now) }];
  }

  #set(base: FileText, now: FileText, review?: Review): void {
    this.#base = base;
    this.#now = now;
    this.#review = review ?? (base === undefined || now === undefined ? undefined : reviewOf(base, now, ''));
    this.#hunks = undefined;
    this.#decided = undefined;
  }
}

/** Lines that are the same on both sides again are no part of a hunk. */
function refined({ segments }: Review): Review {
  const parts = segments.flatMap((segment) =>
    segment.kind === 'hunk' ? reviewOf(segment.base, segment.now, '').segments : segment,
  );
  return { segments: parts.map((part, id) => (part.kind === 'hunk' ? { ...part, id } : part)), nextId: parts.length };
}

function placedHunks({ segments }: Review): readonly OpenHunk[] {
  const hunks: OpenHunk[] = [];
  let [left, right] = [0, 0];
  for (const segment of segments) {
    const [base, now] = segment.kind === 'hunk' ? [segment.base, segment.now] : [segment.text, segment.text];
    if (segment.kind === 'hunk')
      hunks.push({ id: segment.id, base, now, left: spanAt(left, base), right: spanAt(right, now) });
    left += breaksIn(base);
    right += breaksIn(now);
  }
  return hunks;
}

function spanAt(start: number, text: string): LineSpan {
  return { start, lines: breaksIn(text) + (text === '' || /[\r\n]$/.test(text) ? 0 : 1) };
}

/** A lone carriage return breaks a line as well. */
function breaksIn(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}
