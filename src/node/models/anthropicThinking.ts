import type { ReasoningEffort } from '../../core/protocol/models';
import type { JsonObject } from '../../core/util/json';
import { knownEffort } from './knownEffort';
import type { SdkCall, SdkModel } from './sdkModel';

/** How a request asks for thinking. The SDK puts a budget on top of `maxOutputTokens`, so that it is taken out of them here. */
export interface AnthropicThinking extends NonNullable<SdkModel['asked']> {
  readonly options: JsonObject;
}

/** Anthropic takes no smaller budget; and as much is left for the answer. */
const leastTokens = 1_024;

/** How much of an answer may be thinking. */
const shares: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 0.02,
  low: 0.1,
  medium: 0.3,
  high: 0.6,
  xhigh: 0.9,
  max: 0.95,
};

/**
 * A model that thinks as much as it sees fit is told the effort; any other gets a budget of tokens, or no thinking where the
 * answer is too short for both. All that is sent together is never more than what was asked for.
 */
export function anthropicThinking({ connection, facts, maxOutputTokens }: SdkCall): AnthropicThinking {
  const { effort } = connection;
  const limit = maxOutputTokens ?? facts.maxOutputTokens; // The API insists on a number.
  if (effort === undefined)
    return { options: facts.thinking === 'adaptive' ? { thinking: adaptive } : {}, maxOutputTokens: limit };
  const isAdaptive = thinksAsItSeesFit(connection.model, facts.thinking);
  const mayBeNone = facts.efforts.includes('none') || isClaude.test(connection.model);
  if (isAdaptive && (effort !== 'none' || !mayBeNone)) {
    const known = knownEffort(effort, facts);
    const asked = known === undefined || known === 'none' || known === 'minimal' ? 'low' : known;
    return { options: { thinking: adaptive, effort: asked }, maxOutputTokens: limit };
  }
  // The SDK knows how Claude goes without, which some refuse.
  if (effort === 'none') return { options: {}, effort, maxOutputTokens: limit };
  const wanted = Math.round(Math.min(limit, facts.maxOutputTokens) * shares[effort]);
  const budgetTokens = Math.min(Math.max(wanted, leastTokens), limit - leastTokens);
  if (budgetTokens < leastTokens) return { options: {}, maxOutputTokens: limit };
  return { options: { thinking: { type: 'enabled', budgetTokens } }, maxOutputTokens: limit - budgetTokens };
}

const adaptive = { type: 'adaptive', display: 'summarized' };
const isClaude = /claude-/;

/** Of Claude, those up to 4.5 think by a budget, and there will be no more of them; of others the table says it. */
function thinksAsItSeesFit(model: string, known: SdkCall['facts']['thinking']): boolean {
  return (
    known === 'adaptive' ||
    (isClaude.test(model) && !/claude-(\d|[a-z]+-4(?:[-.][0-5])?(?![-.]?\d(?!\d{7})))/.test(model))
  );
}
