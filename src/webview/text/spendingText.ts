import type { Budget, BudgetWarning, ContextUsage, ModelSpending, TokenUsage } from '../../core/protocol/usage';
import { totalSpending } from '../../core/protocol/usage';
import { costText, shortCount } from './numbers';

/** "12k in, 8.1k cached · 860 out, 310 thinking". */
export function tokensText(usage: TokenUsage): string {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens = 0 } = usage;
  const cached = cacheReadTokens > 0 ? `, ${shortCount(cacheReadTokens)} cached` : '';
  const reasoning = reasoningTokens > 0 ? `, ${shortCount(reasoningTokens)} thinking` : '';
  return `${shortCount(inputTokens)} in${cached} · ${shortCount(outputTokens)} out${reasoning}`;
}

/** "$0.12"; "at least $0.12" where not every price is known, "price unknown" where none is. */
export function spentText(spent: readonly ModelSpending[]): string {
  const { calls, unpricedCalls, usage } = totalSpending(spent);
  if (unpricedCalls === 0) return costText(usage.cost);
  return unpricedCalls === calls || usage.cost === 0 ? 'price unknown' : `at least ${costText(usage.cost)}`;
}

/** "price of qwen3 unknown": what is missing in a sum; empty where nothing is. */
export function unpricedText(spent: readonly ModelSpending[], nameOf: (one: ModelSpending) => string): string {
  const names = spent.filter((one) => one.unpricedCalls > 0).map(nameOf);
  if (names.length === 0) return '';
  const listed = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return `price of ${listed.join(', ')} unknown`;
}

/** One limit, and what of it is left. */
export interface BudgetLine {
  readonly key: string;
  readonly text: string;
  readonly left: string;
  /** 0 to 1. */
  readonly used: number;
}

/** The limits of a budget against what was spent: "$0.81 of $1.00", "$0.19 left". */
export function budgetLines(budget: Budget | undefined, spent: readonly ModelSpending[]): readonly BudgetLine[] {
  const { unpricedCalls, usage } = totalSpending(spent);
  const atLeast = unpricedCalls > 0 ? 'at least ' : '';
  return [
    ...(budget?.usd === undefined ? [] : [line('usd', usage.cost, budget.usd, exactCost, atLeast)]),
    ...(budget?.tokens === undefined ? [] : [line('tokens', usage.totalTokens, budget.tokens, tokenCount, '')]),
  ];
}

/** What is said when 80 % of a budget are spent. */
export function budgetNotice({ scope, unit, spent, budget }: BudgetWarning): string {
  const amount = unit === 'usd' ? exactCost : tokenCount;
  const percent = budget > 0 ? Math.floor((spent / budget) * 100) : 100;
  const whose = scope === 'day' ? "today's" : "this session's";
  return `${percent} % of ${whose} budget is spent: ${amount(spent)} of ${amount(budget)}.`;
}

/** How full the window is. */
export interface ContextText {
  readonly percent: number;
  /** "82k of 200k tokens". */
  readonly text: string;
  /** "41 % full, compacted at 160k". */
  readonly next: string;
  /** Both as sentences. */
  readonly title: string;
  readonly tone: 'calm' | 'near' | 'full';
}

/** Near: nine tenths of the way to where it is compacted. */
const nearPart = 0.9;

export function contextText({ tokens, windowTokens, compactAtTokens }: ContextUsage): ContextText {
  const percent = windowTokens > 0 ? Math.min(100, Math.round((tokens / windowTokens) * 100)) : 0;
  const text = `${shortCount(tokens)} of ${shortCount(windowTokens)} tokens`;
  const next = `${percent} % full, compacted at ${shortCount(compactAtTokens)}`;
  const tone = tokens >= compactAtTokens ? 'full' : tokens >= compactAtTokens * nearPart ? 'near' : 'calm';
  return { percent, text, next, title: `Context: ${text}. ${next}.`, tone };
}

function line(
  key: string,
  spent: number,
  budget: number,
  amount: (value: number) => string,
  atLeast: string,
): BudgetLine {
  const left = budget - spent;
  return {
    key,
    text: `${atLeast}${amount(spent)} of ${amount(budget)}`,
    left: left > 0 ? `${atLeast === '' ? '' : 'at most '}${amount(left)} left` : 'nothing left',
    used: budget > 0 ? Math.min(1, spent / budget) : 1,
  };
}

/** In cents; below one cent with as many digits as say something. */
function exactCost(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? `$${dollars.toPrecision(1)}` : `$${dollars.toFixed(2)}`;
}

const tokenCount = (tokens: number): string => `${shortCount(tokens)} tokens`;
