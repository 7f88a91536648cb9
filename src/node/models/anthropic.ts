import { createAnthropic } from '@ai-sdk/anthropic';
import type { SdkCall, SdkModel } from './sdkModel';

/** Anthropic's Messages API. The prefix of a session is cached: system prompt, tools and the last two user turns carry the mark. */
export function create({ connection, facts, fetch }: SdkCall): SdkModel {
  const { model, apiKey = '', baseUrl, headers, effort } = connection;
  const anthropic = createAnthropic({
    apiKey, // Always given: without it the SDK would look into the environment.
    baseURL: baseUrl,
    headers: { ...headers },
    fetch,
  });
  return {
    model: anthropic(model),
    providerOptions: {
      anthropic: {
        // With an effort the SDK chooses the kind of thinking that the model knows.
        ...(facts.thinking === 'adaptive' &&
          effort === undefined && { thinking: { type: 'adaptive', display: 'summarized' } }),
      },
    },
    cacheMark: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    thinksByBudget: true,
    accepts: (data) => 'anthropic' in data,
    defaultMaxOutputTokens: facts.maxOutputTokens, // The API insists on a number.
  };
}
