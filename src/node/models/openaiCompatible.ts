import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { SdkCall, SdkModel } from './sdkModel';

/** OpenAI's Chat Completions API, at OpenAI and at everybody else who speaks it. */
export function create({ connection, fetch }: SdkCall): SdkModel {
  const { vendor, model, apiKey, baseUrl, headers } = connection;
  const isAzure = vendor === 'azure';
  const service = createOpenAICompatible({
    name: 'countersign', // Namespace of options and metadata, nothing that is sent.
    baseURL: baseUrl,
    ...(apiKey !== undefined && !isAzure && { apiKey }),
    headers: { ...(apiKey !== undefined && isAzure && { 'api-key': apiKey }), ...headers },
    includeUsage: true,
    fetch,
    ...((vendor === 'openai' || isAzure) && { transformRequestBody: openAiBody }),
  });
  const returnsReasoning = /deepseek|kimi|glm|minimax/i.test(model); // They lose the thread between tool calls without it.
  return {
    model: service(model),
    returnsReasoning,
    accepts: (data) => returnsReasoning && Object.keys(data).every((name) => name === 'countersign'),
    ...(vendor === 'mistral' && { callIds: mistralCallIds }),
    answersTools: vendor === 'mistral' || /mi[sx]tral|devstral|codestral|magistral/i.test(model), // Wherever it is served: it is in their templates.
  };
}

/** Mistral takes only ids of exactly nine letters and digits. */
const mistralCallIds = { pattern: /^[a-zA-Z0-9]{9}$/, at: (index: number) => `call${String(index).padStart(5, '0')}` };

/**
 * OpenAI's own models differ from what everybody else made of their API: reasoning models refuse `max_tokens` and a
 * temperature, and on this endpoint gpt-5.2 and later take tools only without an effort, from gpt-5.5 on only with the
 * effort `none`. Of gpt-6 nothing of that kind is known.
 */
export function openAiBody(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { max_tokens: maxTokens, temperature, reasoning_effort: effort, ...rest } = body;
  const model = typeof body['model'] === 'string' ? body['model'] : '';
  const reasons = /^(o\d|gpt-([5-9]|\d\d))/.test(model) && !/chat/.test(model);
  const taken = body['tools'] === undefined ? effort : effortBesideTools(model, effort);
  return {
    ...rest,
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(temperature !== undefined && !reasons && { temperature }),
    ...(taken !== undefined && { reasoning_effort: taken }),
  };
}

function effortBesideTools(model: string, effort: unknown): unknown {
  const minor = Number(/^gpt-5\.(\d+)/.exec(model)?.[1] ?? 0);
  if (minor >= 5) return 'none';
  return minor >= 2 && effort !== 'none' ? undefined : effort;
}
