import type { PolicyVerdict } from './policy';

/** What several policies together say: a denial counts before a question, a question before a permission. @param verdicts at least one */
export function strictest(first: PolicyVerdict, ...others: readonly PolicyVerdict[]): PolicyVerdict {
  return others.reduce(stricter, first);
}

function stricter(left: PolicyVerdict, right: PolicyVerdict): PolicyVerdict {
  if (left.verdict === 'deny' || right.verdict === 'allow') return left;
  if (right.verdict === 'deny' || left.verdict === 'allow') return right;
  return { ...right, ...left, why: [...new Set([...left.why, ...right.why])] };
}
