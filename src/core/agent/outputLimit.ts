import type { ContextLimits } from '../model/contextLimits';
import type { ModelProvider } from '../model/provider';

/** How long an answer may be. */
export interface OutputLimit {
  /** Absent: as long as the vendor lets it be. */
  readonly maxOutputTokens?: number;
  /** Whether a budget holds it short. */
  readonly isCapped: boolean;
}

/**
 * Said only where it matters: some vendors refuse a number that is larger than their own limit, which may not be known.
 * @param allowed what a budget pays for; undefined: as much as it takes
 */
export function outputLimit(model: ModelProvider, limits: ContextLimits, allowed: number | undefined): OutputLimit {
  const usual = Math.min(model.maxOutputTokens, limits.maxOutputTokens);
  const capped = Math.max(1, Math.min(allowed ?? usual, usual));
  const isCapped = capped < usual;
  return { ...((isCapped || usual < model.maxOutputTokens) && { maxOutputTokens: capped }), isCapped };
}
