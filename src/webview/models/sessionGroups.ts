import type { SessionRow } from '../../core/protocol/view';
import { clockText, dayOf, timeAgo } from '../text/times';

/** A line of the session list: a heading, or a session. `key` is stable while rows come and go. */
export type ListEntry =
  | { readonly kind: 'heading'; readonly key: string; readonly title: string }
  | { readonly kind: 'session'; readonly key: string; readonly row: SessionRow; readonly time: string };

const titles = { pinned: 'Pinned', today: 'Today', yesterday: 'Yesterday', earlier: 'Earlier' } as const;
type Group = keyof typeof titles;
const order: readonly Group[] = ['pinned', 'today', 'yesterday', 'earlier'];

/** The rows below headings by day, the pinned ones first. Without headings where all rows would stand under the same one. */
export function groupedEntries(rows: readonly SessionRow[], now: number): readonly ListEntry[] {
  const ordered = inOrder(rows);
  const groups = order
    .map((group) => ({ group, members: ordered.filter((row) => groupOf(row, now) === group) }))
    .filter(({ members }) => members.length > 0);
  if (groups.length < 2) return plainEntries(rows, now);
  return groups.flatMap(({ group, members }): readonly ListEntry[] => [
    { kind: 'heading', key: `group:${group}`, title: titles[group] },
    // Below "Yesterday" the same word on each row would say nothing.
    ...members.map((row) =>
      toEntry(row, group === 'yesterday' ? clockText(row.updatedAt) : timeAgo(row.updatedAt, now)),
    ),
  ]);
}

/** The rows alone, as a search shows them. */
export function plainEntries(rows: readonly SessionRow[], now: number): readonly ListEntry[] {
  return inOrder(rows).map((row) => toEntry(row, timeAgo(row.updatedAt, now)));
}

/** The host's order, kept true for a row that was pinned or unpinned a moment ago. */
function inOrder(rows: readonly SessionRow[]): readonly SessionRow[] {
  return rows.toSorted((left, right) => Number(right.pinned) - Number(left.pinned) || right.updatedAt - left.updatedAt);
}

const groupOf = (row: SessionRow, now: number): Group => (row.pinned ? 'pinned' : dayOf(row.updatedAt, now));
const toEntry = (row: SessionRow, time: string): ListEntry => ({ kind: 'session', key: row.sessionId, row, time });
