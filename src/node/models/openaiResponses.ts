import { createOpenAI } from '@ai-sdk/openai';
import { isJsonObject } from '../../core/util/json';
import type { SdkCall, SdkModel } from './sdkModel';

/**
 * OpenAI's Responses API. Nothing is stored there: reasoning comes back encrypted and is sent again with the conversation.
 */
export function create({ connection, fetch }: SdkCall): SdkModel {
  const { vendor, model, apiKey = '', baseUrl, headers, effort } = connection;
  const openai = createOpenAI({
    apiKey, // Always given: without it the SDK would look into the environment.
    baseURL: baseUrl,
    headers: { ...(vendor === 'azure' && { 'api-key': apiKey }), ...headers },
    fetch,
  });
  const options = { store: false, reasoningSummary: effort === 'none' ? null : 'auto' };
  return {
    model: openai.responses(model),
    providerOptions: { openai: options },
    // Without its encrypted content a thought is only a name for something that was never stored.
    accepts: (data) => thinks(model) && isJsonObject(data['openai']) && 'itemId' in data['openai'],
  };
}

/** Models that do not think refuse the thoughts of others. */
function thinks(model: string): boolean {
  return !/^(gpt-(3|4|4o|4\.\d)(-|$)|gpt-\d[\d.]*-chat)/.test(model);
}
