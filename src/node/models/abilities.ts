import { reasoningEfforts, type ReasoningEffort } from '../../core/protocol/models';
import type { ResolvedConnection } from './connection';
import { overrideFacts } from './factsOverride';
import { modelFacts, type ModelFacts } from './modelFacts';

/** What a model can do and costs: what the connection says of it goes before what the table of known models says. */
export type Abilities = ModelFacts;

export function abilitiesOf({ vendor, model, baseUrl, traits = {} }: ResolvedConnection): Abilities {
  return overrideFacts(modelFacts(vendor, model, baseUrl), traits);
}

/** The wanted effort, or the nearest that the model knows, the smaller one first. Undefined: nothing is asked for. */
export function knownEffort(
  wanted: ReasoningEffort | undefined,
  { efforts: known, thinking }: Pick<Abilities, 'efforts' | 'thinking'>,
): ReasoningEffort | undefined {
  if (wanted === undefined) return undefined;
  // A model of which nothing is known is asked as the user wants it; one that does not think is not asked at all.
  if (known.length === 0) return thinking === 'none' ? undefined : wanted;
  const at = reasoningEfforts.indexOf(wanted);
  const nearest = [...reasoningEfforts.slice(0, at + 1).reverse(), ...reasoningEfforts.slice(at + 1)];
  return nearest.find((effort) => known.includes(effort));
}
