import { reasoningEfforts, type ReasoningEffort } from '../../core/protocol/models';
import type { ModelPrice } from '../../core/protocol/usage';
import type { ResolvedConnection } from './connection';
import { modelFacts } from './modelFacts';

/** What a model can do and costs. What is not known is absent. */
export interface Abilities {
  /** Tokens of input and output together. */
  readonly maxWindowSize: number;
  readonly maxOutputTokens: number;
  readonly images: boolean;
  readonly pdf: boolean;
  /** 'adaptive': thinks as much as it sees fit when asked to, and can show a summary of it. */
  readonly thinking: 'none' | 'adaptive' | 'unknown';
  /** Empty: it does not think, or not on demand. */
  readonly efforts?: readonly ReasoningEffort[];
  readonly price?: ModelPrice;
}

/** What the connection says of its model goes before what the table of known models says. */
export function abilitiesOf({ vendor, model, baseUrl, traits = {} }: ResolvedConnection): Abilities {
  const facts = modelFacts(vendor, model, baseUrl);
  const efforts = traits.efforts ?? (facts.efforts.length > 0 ? facts.efforts : undefined);
  const price = traits.price ?? facts.price;
  return {
    maxWindowSize: traits.windowTokens ?? facts.maxWindowSize,
    maxOutputTokens: traits.maxOutputTokens ?? facts.maxOutputTokens,
    images: traits.images ?? facts.images,
    pdf: traits.pdf ?? facts.pdf,
    thinking: facts.thinking,
    ...(efforts && { efforts }),
    ...(price && { price }),
  };
}

/** The wanted effort, or the nearest that the model knows, the smaller one first. Undefined: nothing is asked for. */
export function knownEffort(
  wanted: ReasoningEffort | undefined,
  known: readonly ReasoningEffort[] | undefined,
): ReasoningEffort | undefined {
  if (wanted === undefined || known === undefined) return wanted;
  const at = reasoningEfforts.indexOf(wanted);
  const nearest = [...reasoningEfforts.slice(0, at + 1).reverse(), ...reasoningEfforts.slice(at + 1)];
  return nearest.find((effort) => known.includes(effort));
}
