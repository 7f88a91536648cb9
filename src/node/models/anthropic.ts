import { createAnthropic } from '@ai-sdk/anthropic';
import type { SdkModel } from './aiSdk';
import type { ResolvedConnection } from './connection';
import { modelFacts } from './modelFacts';

/** Anthropic's Messages API. The prefix of a session is cached: system prompt, tools and the last two user turns carry the mark. */
export function create(connection: ResolvedConnection, fetch: typeof globalThis.fetch): SdkModel {
  const { model, apiKey = '', baseUrl, headers } = connection;
  const facts = modelFacts(connection.vendor, model);
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
        includePings: true,
        ...(facts.thinking === 'adaptive' && { thinking: { type: 'adaptive', display: 'summarized' } }),
      },
    },
    cacheMark: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    defaultMaxOutputTokens: facts.maxOutputTokens, // The API insists on a number.
  };
}
