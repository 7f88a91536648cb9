import { createGoogle } from '@ai-sdk/google';
import type { SdkCall, SdkModel } from './sdkModel';

/** Google's Gemini API. */
export function create({ connection, fetch }: SdkCall): SdkModel {
  const { model, apiKey = '', baseUrl, headers, effort } = connection;
  const google = createGoogle({
    apiKey, // Always given: without it the SDK would look into the environment.
    baseURL: baseUrl,
    headers: { ...headers },
    fetch,
  });
  const showsThoughts = effort !== 'none' && thinks(model);
  return {
    model: google(model),
    providerOptions: { google: { ...(showsThoughts && { thinkingConfig: { includeThoughts: true } }) } },
    accepts: (data) => 'google' in data,
  };
}

/** Models that do not think refuse to be asked for their thoughts. */
function thinks(model: string): boolean {
  return (
    /gemini-(2\.5|[3-9]|\d\d|flash-latest|pro-latest|flash-lite-latest)/.test(model) && !/image|tts|audio/.test(model)
  );
}
