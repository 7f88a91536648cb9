import type { ModelChoice } from '../../core/protocol/models';
import { isJsonObject } from '../../core/util/json';
import { overrideOf, parseModelOverrides, type ModelFactsOverride } from '../../node/models/factsOverride';

/** What the setting `countersign.models` says of a model. An entry that is wrong says nothing; of the others nothing is lost. */
export function modelOverride(
  setting: unknown,
  { vendor, model }: ModelChoice,
  report: (error: unknown) => void,
): ModelFactsOverride {
  const entries = isJsonObject(setting) ? setting : {};
  const about = [`${vendor}:*`, `${vendor}:${model}`].filter((name) => Object.hasOwn(entries, name));
  const parsed = about.flatMap((name) => {
    try {
      return [...parseModelOverrides({ [name]: entries[name] ?? null })];
    } catch (error) {
      report(error);
      return [];
    }
  });
  return overrideOf(new Map(parsed), vendor, model);
}
