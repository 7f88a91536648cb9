import { createOpenAI } from '@ai-sdk/openai';
import { isJsonObject } from '../../core/util/json';
import { knownEffort } from './knownEffort';
import type { SdkCall, SdkModel } from './sdkModel';

/**
 * OpenAI's Responses API. Nothing is stored there: reasoning comes back encrypted and is sent again with the conversation.
 */
export function create({ connection, facts, fetch }: SdkCall): SdkModel {
  const { vendor, model, apiKey = '', baseUrl, headers, effort } = connection;
  const openai = createOpenAI({
    apiKey, // Always given: without it the SDK would look into the environment.
    baseURL: baseUrl,
    headers: { ...(vendor === 'azure' && { 'api-key': apiKey }), ...headers },
    fetch,
  });
  // The SDK knows OpenAI's models by their names; a deployment at Azure has any.
  const thinks = facts.thinking !== 'none' && (facts.efforts.length > 0 || effort !== undefined);
  return {
    model: openai.responses(model),
    providerOptions: {
      openai: {
        store: false,
        reasoningSummary: knownEffort(effort, facts) === 'none' ? null : 'auto',
        ...(thinks && { forceReasoning: true }),
      },
    },
    accepts: (data) => facts.thinking !== 'none' && isJsonObject(data['openai']) && 'itemId' in data['openai'],
  };
}
