import type { ModelPrice, TokenRates } from '../../../core/protocol/usage';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/util/json';
import {
  countAt,
  effortsIn,
  listedModel,
  objectAt,
  objectsIn,
  textAt,
  textsAt,
  type AskEndpoint,
  type ListedModel,
} from './listed';

/** OpenRouter's GET {base}/models, which says what each model can do and costs there. */
export async function openRouterList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  const answer = await ask('/models');
  return objectsIn(isJsonObject(answer) ? answer['data'] : undefined, ask).flatMap((model) => {
    const id = textAt(model, 'id');
    const architecture = objectAt(model, 'architecture');
    if (id === undefined || textsAt(architecture, 'output_modalities')?.includes('text') === false) return [];
    const parameters = textsAt(model, 'supported_parameters');
    const efforts = textsAt(objectAt(model, 'reasoning'), 'supported_efforts');
    return [
      listedModel(id, {
        label: textAt(model, 'name'),
        windowTokens: countAt(model, 'context_length'),
        maxOutputTokens: countAt(objectAt(model, 'top_provider'), 'max_completion_tokens'),
        price: priceOf(objectAt(model, 'pricing')),
        images: textsAt(architecture, 'input_modalities')?.includes('image'),
        pdf: false, // It takes PDF documents for every model, by a parser that costs extra.
        tools: parameters?.includes('tools'),
        efforts: efforts ? effortsIn(efforts) : parameters?.includes('reasoning') === false ? [] : undefined,
      }),
    ];
  });
}

/** Texts of US dollars per token. Where a request costs something by itself, or a router decides (-1), tokens do not say the price. */
function priceOf(pricing: JsonObject): ModelPrice | undefined {
  const standard = ratesOf(pricing);
  const fee = perMillion(pricing['request']) ?? 0;
  if (!standard || fee !== 0) return undefined;
  const reasoning = perMillion(pricing['internal_reasoning']) ?? 0;
  const overrides = pricing['overrides'];
  const longer = Array.isArray(overrides) ? (overrides as readonly JsonValue[]).filter(isJsonObject) : [];
  const tiers = longer.flatMap((override) => {
    const from = countAt(override, 'min_prompt_tokens');
    const rates = ratesOf({ ...pricing, ...override });
    return from === undefined || !rates ? [] : [{ aboveInputTokens: from - 1, ...rates }];
  });
  return {
    ...standard,
    output: Math.max(standard.output, reasoning), // Reasoning is counted as output; rather too dear than too cheap.
    ...(tiers.length > 0 && { tiers: tiers.sort((left, right) => left.aboveInputTokens - right.aboveInputTokens) }),
  };
}

function ratesOf(pricing: JsonObject): TokenRates | undefined {
  const input = perMillion(pricing['prompt']);
  const output = perMillion(pricing['completion']);
  if (input === undefined || output === undefined || input < 0 || output < 0) return undefined;
  const cacheRead = perMillion(pricing['input_cache_read']) ?? 0;
  const cacheWrite = perMillion(pricing['input_cache_write']) ?? 0;
  return { input, output, ...(cacheRead > 0 && { cacheRead }), ...(cacheWrite > 0 && { cacheWrite }) };
}

/** Twelve digits are enough for any price and too few for the dust of the multiplication. */
function perMillion(text: JsonValue | undefined): number | undefined {
  const perToken = typeof text === 'string' && text.trim() !== '' ? Number(text) : text;
  if (typeof perToken !== 'number' || !Number.isFinite(perToken)) return undefined;
  return Number((perToken * 1_000_000).toPrecision(12));
}
