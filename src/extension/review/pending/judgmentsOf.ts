import { cutAtLine, unifiedDiff } from '../../../core/edits/hunks';
import { hunksOf, nowOf, rejected, type Hunk, type Review } from '../../../core/edits/review';
import { isAgentId, type AgentId } from '../../../core/protocol/ids';
import type { Judgment } from '../pendingReviews';
import type { Chosen } from './chosenHunks';

const maxDiffCharacters = 20_000;

/** What every agent with hunks among them has to be told. */
export function judgmentsOf(
  { record, ids }: Chosen,
  decision: Judgment['decision'],
  reason: string,
): readonly Judgment[] {
  const hunks = hunksOf(record.review).filter(({ id }) => ids.includes(id));
  const authors =
    hunks.length > 0 ? hunks.map(({ origin }) => record.authors[origin]) : Object.values(record.authors).slice(-1);
  const agents = [...new Set(authors)].filter((agent): agent is AgentId => agent !== undefined && isAgentId(agent));
  return agents.map((agentId) => {
    const own = hunks.filter(({ origin }) => record.authors[origin] === agentId);
    const isShown = decision === 'rejected' && !record.isSecret;
    const diff = isShown ? diffWithout(record.review, own) : '';
    return {
      ...{ agentId, decision, reason, display: record.display, diff },
      hunks: Math.max(1, own.length),
      touched: own.some(({ touched }) => touched),
    };
  });
}

/** What is taken back with these hunks. */
function diffWithout(review: Review, hunks: readonly Hunk[]): string {
  const left = rejected(
    review,
    hunks.map(({ id }) => id),
  );
  return cutAtLine(unifiedDiff(nowOf(review), nowOf(left)).diff, maxDiffCharacters);
}
