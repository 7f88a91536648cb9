import type { ModelProvider } from './provider';

export interface ContextLimits {
  /** Input and output together. */
  readonly windowTokens: number;
  /** What an answer may take of it. */
  readonly maxOutputTokens: number;
  /** What is left for a request: more is refused. */
  readonly maxInputTokens: number;
  /** From here on the conversation is compacted: 80 % of what is left for input. */
  readonly compactAtTokens: number;
}

/** An answer may take a quarter of the window; some models would take two thirds and leave no room for a conversation. */
const outputShare = 1 / 4;
/** For what a count may be wrong by. */
const reserveShare = 0.02;
const largestReserveTokens = 4_000;
const fullShare = 0.8;

/** @param knownLimit input tokens at which the vendor has refused a request as too long, whatever the table says */
export function contextLimits(
  model: Pick<ModelProvider, 'maxWindowSize' | 'maxOutputTokens'>,
  knownLimit = Number.POSITIVE_INFINITY,
): ContextLimits {
  const windowTokens = model.maxWindowSize;
  const maxOutputTokens = Math.min(model.maxOutputTokens, Math.floor(windowTokens * outputShare));
  const reserve = Math.min(largestReserveTokens, Math.ceil(windowTokens * reserveShare));
  const maxInputTokens = Math.max(1, Math.min(windowTokens - maxOutputTokens - reserve, knownLimit));
  const compactAtTokens = Math.max(1, Math.floor(maxInputTokens * fullShare));
  return { windowTokens, maxOutputTokens, maxInputTokens, compactAtTokens };
}
