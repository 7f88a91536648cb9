import { reasoningEfforts, type ReasoningEffort } from '../../core/protocol/models';
import type { ModelPrice, TokenRates } from '../../core/protocol/usage';
import { isJsonObject } from '../../core/util/json';
import type { ModelTraits } from '../../node/models/modelFacts';

/** What an endpoint has said of a model that was used. */
export interface KeptFacts {
  readonly vendor: string;
  readonly model: string;
  /** Absent: there is none. */
  readonly address?: string;
  readonly traits: ModelTraits;
}

/** Reads what an older or newer version may have written; empty where it is nothing of the kind. */
export function keptFacts(value: unknown): readonly KeptFacts[] {
  if (!isJsonObject(value) || !isJsonObject(value['traits'])) return [];
  const { vendor, model, address } = value;
  if (typeof vendor !== 'string' || typeof model !== 'string') return [];
  return [{ vendor, model, traits: keptTraits(value['traits']), ...(typeof address === 'string' && { address }) }];
}

/** The traits, always in the same order. */
export function keptTraits(value: object): ModelTraits {
  const { windowTokens, maxOutputTokens, images, pdf, tools, efforts, price }: Record<string, unknown> = { ...value };
  return {
    ...(typeof windowTokens === 'number' && { windowTokens }),
    ...(typeof maxOutputTokens === 'number' && { maxOutputTokens }),
    ...(typeof images === 'boolean' && { images }),
    ...(typeof pdf === 'boolean' && { pdf }),
    ...(typeof tools === 'boolean' && { tools }),
    ...(Array.isArray(efforts) && { efforts: reasoningEfforts.filter(isIn(efforts)) }),
    ...priceOf(price),
  };
}

const isIn =
  (list: readonly unknown[]) =>
  (one: ReasoningEffort): boolean =>
    list.includes(one);

function priceOf(value: unknown): { readonly price: ModelPrice } | undefined {
  const rates = ratesOf(value);
  if (!rates || !isJsonObject(value)) return undefined;
  const tiers = Array.isArray(value['tiers']) ? value['tiers'].flatMap(tierOf) : [];
  return { price: { ...rates, ...(tiers.length > 0 && { tiers }) } };
}

function tierOf(value: unknown): readonly (TokenRates & { readonly aboveInputTokens: number })[] {
  const rates = ratesOf(value);
  const above = isJsonObject(value) ? value['aboveInputTokens'] : undefined;
  return rates && typeof above === 'number' ? [{ ...rates, aboveInputTokens: above }] : [];
}

function ratesOf(value: unknown): TokenRates | undefined {
  if (!isJsonObject(value)) return undefined;
  const { input, output, cacheRead, cacheWrite } = value;
  if (typeof input !== 'number' || typeof output !== 'number') return undefined;
  return {
    ...{ input, output },
    ...(typeof cacheRead === 'number' && { cacheRead }),
    ...(typeof cacheWrite === 'number' && { cacheWrite }),
  };
}
