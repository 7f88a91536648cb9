import type { ModelPrice, TokenRates, TokenUsage } from '../protocol/usage';

/** What `costOf` looks at of a usage. Reasoning is part of the output and needs no figure of its own. */
export type BilledTokens = Pick<TokenUsage, 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>;

/**
 * What one model call costs, in US dollars. A tier's rates count for the whole request as soon as its input, the cached
 * parts included, is larger than the tier's border. Rates for the cache that are not known count as the input's.
 */
export function costOf(usage: BilledTokens, price: ModelPrice): number {
  const { input, output, cacheRead = input, cacheWrite = input } = ratesFor(usage.inputTokens, price);
  const { cacheReadTokens, cacheWriteTokens } = usage;
  // A vendor that counts the cached parts beside the input instead of in it shall not lower the bill.
  const plainTokens = Math.max(0, usage.inputTokens - cacheReadTokens - cacheWriteTokens);
  const perMillion =
    plainTokens * input + cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite + usage.outputTokens * output;
  return perMillion / 1_000_000;
}

function ratesFor(inputTokens: number, price: ModelPrice): TokenRates {
  return price.tiers?.findLast((tier) => inputTokens > tier.aboveInputTokens) ?? price;
}
