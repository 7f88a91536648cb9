import { assertNever } from '../util/assertNever';
import type { EventOf } from './events';
import { append, isKind, updateAt, withoutRetry } from './transcript';
import { addSpending, addUsage } from './usage';
import type { SessionView } from './view';

/** What was spent, and how full the window is. */
export function reduceSpending(
  view: SessionView,
  event: EventOf<'token_usage' | 'context_usage' | 'budget_warning'>,
): SessionView {
  switch (event.type) {
    case 'token_usage': {
      const { vendor = 'unknown', model } = event;
      return {
        ...view,
        usage: addUsage(view.usage, event),
        turnUsage: addUsage(view.turnUsage, event),
        spending: addSpending(view.spending, { vendor, model }, event),
      };
    }
    case 'context_usage': {
      const { tokens, windowTokens, compactAtTokens } = event;
      return { ...view, context: { tokens, windowTokens, compactAtTokens } };
    }
    case 'budget_warning': {
      const { scope, unit, spent, budget, level } = event;
      return { ...view, budgetWarning: { scope, unit, spent, budget, level } };
    }
    default:
      return assertNever(event);
  }
}

/** The card of a compaction: it runs, then it is done or has failed. */
export function reduceCompression(view: SessionView, event: EventOf<'context_compression'>, seq: number): SessionView {
  const index = view.items.findLastIndex((item) => item.kind === 'compaction' && item.state === 'running');
  switch (event.phase) {
    case 'start': {
      const { reason, tokensBefore } = event;
      return append(withoutRetry(view), {
        ...{ key: `compaction-${seq}`, kind: 'compaction', state: 'running' },
        ...{ reason, tokensBefore },
      });
    }
    case 'end': {
      const { tokensAfter, summary } = event;
      return updateAt(withoutRetry(view), index, (item) =>
        isKind(item, 'compaction') ? { ...item, state: 'done', tokensAfter, summary } : item,
      );
    }
    case 'failed':
      return updateAt(withoutRetry(view), index, (item) =>
        isKind(item, 'compaction') ? { ...item, state: 'failed', error: event.error } : item,
      );
    default:
      return assertNever(event);
  }
}
