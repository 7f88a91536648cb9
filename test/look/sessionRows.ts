import type { HostMessage } from '../../src/core/protocol/ops';
import type { SessionRow } from '../../src/core/protocol/view';
import { agentId } from './sessionScript';

type Found = Extract<HostMessage, { type: 'found' }>;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Within today, also shortly after midnight. */
const today = (minutesAgo: number): number =>
  Math.max(new Date().setHours(0, 0, 0, 0), Date.now() - minutesAgo * minuteMs);
const daysAgo = (days: number): number => new Date().setHours(12, 0, 0, 0) - days * dayMs;

function row(name: string, title: string, updatedAt: number, more: Partial<SessionRow> = {}): SessionRow {
  const rest = { state: 'READY', openApprovals: 0, pinned: false, held: false } as const;
  return { sessionId: agentId(`agt-${name}`), title, updatedAt, ...rest, ...more };
}

/** A list as a few weeks of work leave it. */
export const someRows: readonly SessionRow[] = [
  row('release', 'Release checklist for 2.4', daysAgo(6), { pinned: true }),
  row('first', 'Discounts are charged instead of given. Find out why and…', today(1), { state: 'WORKING' }),
  row('second', 'Update the dependencies and run the tests', today(24), { state: 'PAUSED', openApprovals: 1 }),
  row('held', 'Fix the parser', today(130), { state: 'WORKING', held: true }),
  row('build', 'Explain the build', daysAgo(1)),
  row('flaky', 'Why is the checkout test flaky on Windows?', daysAgo(1)),
  row('types', 'Stricter types for prices', daysAgo(9)),
  row('docs', 'Write the API docs', daysAgo(40), { folder: 'shop-docs' }),
];

const matches: readonly SessionRow[] = [
  row('held', 'Fix the parser', today(130), { state: 'WORKING', held: true }),
  row('first', 'Discounts are charged instead of given. Find out why and…', today(1), {
    state: 'WORKING',
    match: '…assumes that discounts are negative, but the parser drops the sign: <b>see the parser</b> tests for…',
  }),
  row('docs', 'Write the API docs', daysAgo(40), {
    folder: 'shop-docs',
    match: 'The parser reads "1,234.50", "-3" and "(3)"; say so in the reference…',
  }),
];

/** How the look page's host answers a search. */
export function search(rows: readonly SessionRow[], total = rows.length): (query: string) => Found {
  return (query) => {
    if (query === '') return { type: 'found', query, rows, total, done: true };
    const wanted = query.toLowerCase();
    const found = query === 'parser' ? matches : rows.filter(({ title }) => title.toLowerCase().includes(wanted));
    return { type: 'found', query, rows: found, total: found.length, done: query !== 'parser' };
  };
}

export function manyRows(count: number): readonly SessionRow[] {
  return Array.from({ length: count }, (_, index) =>
    row(`many-${index}`, `Question ${index}: where is the price of article ${index} read?`, today(index * 3), {
      ...(index % 7 === 3 && { state: 'WORKING', held: true }),
      ...(index % 11 === 5 && { folder: 'a-folder-with-a-long-name' }),
    }),
  );
}
