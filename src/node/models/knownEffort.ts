import { reasoningEfforts, type ReasoningEffort } from '../../core/protocol/models';
import type { ModelFacts } from './modelFacts';

/**
 * The wanted effort, or the nearest that the model knows, the smaller one first. Undefined: nothing is asked for, because
 * nothing is wanted or the model does not think. Of a model that nobody knows the user is believed.
 */
export function knownEffort(
  wanted: ReasoningEffort | undefined,
  { efforts, thinking }: Pick<ModelFacts, 'efforts' | 'thinking'>,
): ReasoningEffort | undefined {
  if (wanted === undefined) return undefined;
  if (efforts.length === 0) return thinking === 'none' ? undefined : wanted;
  const at = reasoningEfforts.indexOf(wanted);
  const nearest = [...reasoningEfforts.slice(0, at + 1).reverse(), ...reasoningEfforts.slice(at + 1)];
  return nearest.find((effort) => efforts.includes(effort));
}
