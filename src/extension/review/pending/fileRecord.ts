import * as z from 'zod/mini';
import { hunksOf, type HunkId, type Review } from '../../../core/edits/review';

/** What is kept of a file that agents edited and nobody has reviewed. Plain JSON; texts have the line ends of the disk. */
export interface FileRecord {
  /** As the sandbox names it: a real path, or the address of a virtual one. What it is stored under. */
  readonly path: string;
  /** The address under which the editor knows it. */
  readonly address: string;
  readonly display: string;
  readonly kind: 'modified' | 'created' | 'deleted';
  readonly state: 'here' | 'gone';
  /** The other half of a renaming. */
  readonly pair?: { readonly path: string; readonly display: string; readonly isOld: boolean } | undefined;
  /** What stands in the editor. */
  readonly review: Review;
  /** What stands on disk. */
  readonly saved: Review;
  /** The agent of each turn that has hunks here. */
  readonly authors: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, unique within a window: the order of the files. */
  readonly since: number;
  /** Its texts are shown to nobody. */
  readonly isSecret: boolean;
  /** Of its document; absent: as the user's settings have it. */
  readonly encoding?: string | undefined;
  /** What a deletion took away. */
  readonly original?: { readonly base64: string; readonly mode?: number | undefined } | undefined;
  /** Texts that something outside has replaced with the hunks in them, the last one first: they may come back. */
  readonly away?: readonly AwayReview[] | undefined;
  /** An edit that is about to land, or was when the window died: what was known before. Null: nothing. */
  readonly landing?: { readonly before: FileRecord | null } | undefined;
}

/** What waited in a text that is not there at the moment: on a branch that was left, or in git's stash. */
export interface AwayReview {
  readonly review: Review;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Whether something waits for the user in it, as the editor shows it. */
export function isPending({ kind, state, review }: FileRecord): boolean {
  // New and deleted files are judged even when they are empty.
  return hunksOf(review).length > 0 || kind === 'deleted' || (kind === 'created' && state === 'here');
}

/** Whether it is to be kept: on disk, in the editor or where it may come back from stands what nobody has reviewed. */
export function isKept(record: FileRecord): boolean {
  const { saved, landing, away } = record;
  return isPending(record) || hunksOf(saved).length > 0 || landing !== undefined || away !== undefined;
}

/** Both reviews, changed alike. */
export function withReviews(record: FileRecord, change: (review: Review) => Review): FileRecord {
  const review = change(record.review);
  return { ...record, review, saved: record.saved === record.review ? review : change(record.saved) };
}

/** A review in which nobody has anything to judge. Hunks to come have other ids than those before `nextId`. */
export function settledReview(text: string, nextId: HunkId = 1): Review {
  return { segments: text === '' ? [] : [{ kind: 'same', text }], nextId };
}

/** As it is written down: where the editor shows what stands on disk, as nearly always, the review stands there once. */
export function recordText(record: FileRecord): string {
  const { landing } = record;
  const before = landing?.before;
  return JSON.stringify({
    ...noted(record),
    ...(landing && { landing: { before: before ? noted(before) : null } }),
  });
}

/** Undefined: it is none. */
export function parseRecord(value: unknown): FileRecord | undefined {
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { landing, ...record } = parsed.data;
  const before = landing?.before;
  return { ...restored(record), ...(landing && { landing: { before: before ? restored(before) : null } }) };
}

function noted({ review, saved, ...about }: FileRecord): object {
  return { ...about, review, ...(saved !== review && { saved }) };
}

/** Both reviews are one again: whoever compares them by identity finds nothing new. */
function restored({ saved, ...record }: NotedRecord): FileRecord {
  return { ...record, saved: saved ?? record.review };
}

const segmentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same'), text: z.string() }),
  z.object({
    kind: z.literal('hunk'),
    id: z.number(),
    base: z.string(),
    now: z.string(),
    origin: z.string(),
    touched: z.boolean(),
  }),
]);

const reviewSchema = z.object({ segments: z.array(segmentSchema), nextId: z.number() });

const plainSchema = z.object({
  path: z.string(),
  address: z.string(),
  display: z.string(),
  kind: z.enum(['modified', 'created', 'deleted']),
  state: z.enum(['here', 'gone']),
  pair: z.optional(z.object({ path: z.string(), display: z.string(), isOld: z.boolean() })),
  review: reviewSchema,
  /** Absent: as `review`. */
  saved: z.optional(reviewSchema),
  authors: z.record(z.string(), z.string()),
  since: z.number(),
  isSecret: z.boolean(),
  encoding: z.optional(z.string()),
  away: z.optional(z.array(z.object({ review: reviewSchema, since: z.number() }))),
  original: z.optional(z.object({ base64: z.string(), mode: z.optional(z.number()) })),
});

type NotedRecord = z.infer<typeof plainSchema>;

const recordSchema = z.extend(plainSchema, {
  landing: z.optional(z.object({ before: z.nullable(plainSchema) })),
});
