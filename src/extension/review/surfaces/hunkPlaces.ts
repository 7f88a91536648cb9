import { hunksOf, type Hunk, type Review } from '../../../core/edits/review';

/** The hunks with lines as the editor counts them (0-based): a lone carriage return ends a line there, too. */
export function shownHunks(review: Review): readonly Hunk[] {
  const hunks = new Map(hunksOf(review).map((hunk) => [hunk.id, hunk]));
  const shown: Hunk[] = [];
  const more = { base: 0, now: 0 };
  for (const segment of review.segments) {
    const isHunk = segment.kind === 'hunk';
    const base = loneReturns(isHunk ? segment.base : segment.text);
    const now = isHunk ? loneReturns(segment.now) : base;
    const hunk = isHunk ? hunks.get(segment.id) : undefined;
    if (hunk) shown.push(moved(hunk, more, { base, now }));
    more.base += base;
    more.now += now;
  }
  return shown;
}

/** The hunk that a line belongs to. Deleted lines belong to the two lines between which they stood. */
export function hunkAt(hunks: readonly Hunk[], line: number): Hunk | undefined {
  const holds = ({ nowStart, nowLines }: Hunk): boolean => nowStart <= line && line < nowStart + nowLines;
  const isGoneAt = (place: number) => (hunk: Hunk) => hunk.nowLines === 0 && hunk.nowStart === place;
  return hunks.find(holds) ?? hunks.find(isGoneAt(line)) ?? hunks.find(isGoneAt(line + 1));
}

/** The hunks that the lines from `from` up to, not including, `to` have a part of; without a line: what touches that place. */
export function hunksIn(hunks: readonly Hunk[], from: number, to: number): readonly Hunk[] {
  return hunks.filter(({ nowStart, nowLines }) => {
    const end = nowStart + nowLines;
    return nowLines > 0 && from < to ? nowStart < to && from < end : nowStart <= to && from <= end;
  });
}

/** As `hunkAt`, for a line of the countersigned side. */
export function hunkAtBase(hunks: readonly Hunk[], line: number): Hunk | undefined {
  return hunkAt(
    hunks.map((hunk) => ({ ...hunk, nowStart: hunk.baseStart, nowLines: hunk.baseLines })),
    line,
  );
}

export interface FileHunk<File> {
  readonly file: File;
  readonly hunk: Hunk;
}

/**
 * The next hunk in the order of the files, or the previous one, and around at the end.
 * @param at the index of the file where the cursor stands, and its line; undefined: it stands in none of them
 */
export function neighbour<File>(
  files: readonly { readonly file: File; readonly hunks: readonly Hunk[] }[],
  at: { readonly index: number; readonly line: number } | undefined,
  step: 1 | -1,
): FileHunk<File> | undefined {
  const all = files.flatMap(({ file, hunks }, index) => hunks.map((hunk) => ({ file, hunk, index })));
  const first = step > 0 ? all[0] : all.at(-1);
  if (!at) return first;
  const isBeyond = ({ hunk, index }: (typeof all)[number]): boolean => {
    if (index !== at.index) return (index - at.index) * step > 0;
    return step > 0 ? hunk.nowStart > at.line : hunk.nowStart + Math.max(hunk.nowLines, 1) <= at.line;
  };
  return (step > 0 ? all.find(isBeyond) : all.findLast(isBeyond)) ?? first;
}

interface Sides {
  readonly base: number;
  readonly now: number;
}

function moved(hunk: Hunk, before: Sides, inside: Sides): Hunk {
  return {
    ...hunk,
    baseStart: hunk.baseStart + before.base,
    nowStart: hunk.nowStart + before.now,
    baseLines: hunk.baseLines + inside.base,
    nowLines: hunk.nowLines + inside.now,
  };
}

function loneReturns(text: string): number {
  return text.includes('\r') ? (text.match(/\r(?!\n)/g)?.length ?? 0) : 0;
}
