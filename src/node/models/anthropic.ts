import { createAnthropic } from '@ai-sdk/anthropic';
import { anthropicThinking } from './anthropicThinking';
import type { SdkCall, SdkModel } from './sdkModel';

/** Anthropic's Messages API. The prefix of a session is cached: system prompt, tools and the last two user turns carry the mark. */
export function create(call: SdkCall): SdkModel {
  const { model, apiKey = '', baseUrl, headers } = call.connection;
  const anthropic = createAnthropic({
    apiKey, // Always given: without it the SDK would look into the environment.
    baseURL: baseUrl,
    headers: { ...headers },
    fetch: call.fetch,
  });
  const { options, ...asked } = anthropicThinking(call);
  return {
    model: anthropic(model),
    providerOptions: { anthropic: options },
    cacheMark: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    asked,
    accepts: (data) => 'anthropic' in data,
  };
}
