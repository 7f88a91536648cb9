/**
 * Tokens of one model call. `inputTokens` counts all input, the cached parts included; `outputTokens` all output, the reasoning
 * included. `cost` in US dollars; absent = price unknown.
 */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** What of the output was reasoning, where the vendor says it. */
  readonly reasoningTokens?: number;
  readonly cost?: number;
}

export const noUsage: TokenUsage & { readonly cost: number } = {
  inputTokens: 0,
  outputTokens: 0,
  totalTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cost: 0,
};

/** Sums two usages. A sum's cost is known only when both are. */
export function addUsage(sum: TokenUsage, next: TokenUsage): TokenUsage {
  const cost = sum.cost === undefined || next.cost === undefined ? undefined : sum.cost + next.cost;
  const reasoning = (sum.reasoningTokens ?? 0) + (next.reasoningTokens ?? 0);
  return {
    inputTokens: sum.inputTokens + next.inputTokens,
    outputTokens: sum.outputTokens + next.outputTokens,
    totalTokens: sum.totalTokens + next.totalTokens,
    cacheReadTokens: sum.cacheReadTokens + next.cacheReadTokens,
    cacheWriteTokens: sum.cacheWriteTokens + next.cacheWriteTokens,
    ...(reasoning > 0 && { reasoningTokens: reasoning }),
    ...(cost !== undefined && { cost }),
  };
}

/** What was spent with one more call in it: every model has its own entry, in the order of their first calls. */
export function addSpending(
  spent: readonly ModelSpending[],
  { vendor, model }: { readonly vendor: string; readonly model: string },
  usage: TokenUsage,
): readonly ModelSpending[] {
  const known = spent.find((one) => one.vendor === vendor && one.model === model);
  const before = known ?? { vendor, model, calls: 0, unpricedCalls: 0, usage: noUsage };
  const after: ModelSpending = {
    ...before,
    calls: before.calls + 1,
    unpricedCalls: before.unpricedCalls + (usage.cost === undefined ? 1 : 0),
    usage: { ...addUsage(before.usage, usage), cost: before.usage.cost + (usage.cost ?? 0) },
  };
  return known ? spent.map((one) => (one === known ? after : one)) : [...spent, after];
}

/** All models together. `cost` is what is known of it; `unpricedCalls` says whether there is more. */
export function totalSpending(
  spent: readonly ModelSpending[],
): Pick<ModelSpending, 'calls' | 'unpricedCalls' | 'usage'> {
  return spent.reduce<Pick<ModelSpending, 'calls' | 'unpricedCalls' | 'usage'>>(
    (sum, { calls, unpricedCalls, usage }) => ({
      calls: sum.calls + calls,
      unpricedCalls: sum.unpricedCalls + unpricedCalls,
      usage: { ...addUsage(sum.usage, usage), cost: sum.usage.cost + usage.cost },
    }),
    { calls: 0, unpricedCalls: 0, usage: noUsage },
  );
}

/** US dollars per million tokens. */
export interface TokenRates {
  readonly input: number;
  readonly output: number;
  /** Default: as `input`. */
  readonly cacheRead?: number;
  /** Default: as `input`. */
  readonly cacheWrite?: number;
}

/** What a model costs. Absent wherever it is not known: unknown is never 0. */
export interface ModelPrice extends TokenRates {
  /** Other rates for a whole request whose input is larger than this many tokens; ascending. */
  readonly tiers?: readonly (TokenRates & { readonly aboveInputTokens: number })[];
}

/** What calls of one model have taken. */
export interface ModelSpending {
  readonly vendor: string;
  readonly model: string;
  readonly calls: number;
  /** Calls whose price is not known; `usage.cost` is the sum of the others. */
  readonly unpricedCalls: number;
  readonly usage: TokenUsage & { readonly cost: number };
}

/** A limit on what may be spent; what is absent is not limited. */
export interface Budget {
  /** US dollars. */
  readonly usd?: number;
  /** Input and output together. */
  readonly tokens?: number;
}

/** How full the model's window is, in tokens. */
export interface ContextUsage {
  readonly tokens: number;
  /** What the model takes, input and output together. */
  readonly windowTokens: number;
  /** From here on the conversation is compacted before the next request. */
  readonly compactAtTokens: number;
}

/** How far a budget is spent. */
export interface BudgetWarning {
  readonly scope: 'session' | 'day';
  readonly unit: 'usd' | 'tokens';
  readonly spent: number;
  readonly budget: number;
  /** 'near': 80 % are spent. 'reached': the next request would pass it, and is not sent. */
  readonly level: 'near' | 'reached';
}
