import { ConfigError } from '../../core/errors';
import type { ModelPrice } from '../../core/protocol/usage';
import { isJsonObject, type JsonObject } from '../../core/util/json';
import type { ModelFacts, ModelTraits } from './modelFacts';

/** What the user, or the endpoint's own list, says of a model: a row of a list is one. What is absent stays as it is known. */
export type ModelFactsOverride = ModelTraits;

/** The facts with what somebody knows better. A price is taken as a whole; a smaller window leaves half of it to the question. */
export function overrideFacts(facts: ModelFacts, override: ModelFactsOverride): ModelFacts {
  const { windowTokens = facts.maxWindowSize, images, pdf, efforts, price } = override;
  return {
    ...facts,
    maxWindowSize: windowTokens,
    maxOutputTokens: override.maxOutputTokens ?? Math.min(facts.maxOutputTokens, Math.floor(windowTokens / 2)),
    ...(images !== undefined && { images }),
    ...(pdf !== undefined && { pdf }),
    ...(efforts !== undefined && { efforts }),
    ...(price !== undefined && { price }),
  };
}

/** What the setting says, by its own keys `vendor:model` and `vendor:*`. */
export type ModelOverrides = ReadonlyMap<string, ModelFactsOverride>;

/** What a setting says of one model: what stands at its own name goes before what stands at `vendor:*`. */
export function overrideOf(overrides: ModelOverrides, vendor: string, model: string): ModelFactsOverride {
  return { ...overrides.get(`${vendor}:*`), ...overrides.get(`${vendor}:${model}`) };
}

/**
 * Reads the setting `countersign.models`: an object of `vendor:model` or `vendor:*` to {window, maxOutput (tokens), input,
 * output, cacheRead, cacheWrite (US dollars per million tokens), images, pdf}, each optional; a price needs input and output.
 * @throws ConfigError 'invalid_value' naming the first entry and field that is wrong.
 */
export function parseModelOverrides(setting: unknown): ModelOverrides {
  if (setting === undefined || setting === null) return new Map();
  if (!isJsonObject(setting)) throw wrong('', setting, 'an object of "vendor:model" to what is known of it');
  return new Map(Object.entries(setting).map(([name, entry]) => [checkedName(name), parseEntry(name, entry)]));
}

const rates = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;
const fields: readonly string[] = ['window', 'maxOutput', 'images', 'pdf', ...rates];

function checkedName(name: string): string {
  if (/^[^:\s]+:.*\S/.test(name)) return name;
  throw new ConfigError('invalid_value', `The setting \`countersign.models\` has an entry "${name}".`, {
    advice:
      'Name it after the vendor and the model, as in "ollama:qwen3:8b", or "ollama:*" for all models of a vendor.',
  });
}

function parseEntry(name: string, entry: unknown): ModelFactsOverride {
  if (!isJsonObject(entry)) throw wrong(name, entry, 'an object');
  const unknown = Object.keys(entry).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw wrong(`${name}.${unknown}`, entry[unknown], `one of ${fields.join(', ')}`);
  const windowTokens = tokens(name, entry, 'window');
  const maxOutputTokens = tokens(name, entry, 'maxOutput');
  if (windowTokens !== undefined && maxOutputTokens !== undefined && maxOutputTokens >= windowTokens)
    throw wrong(`${name}.maxOutput`, maxOutputTokens, `less than the window of ${windowTokens} tokens`);
  const images = flag(name, entry, 'images');
  const pdf = flag(name, entry, 'pdf');
  const price = parsePrice(name, entry);
  return {
    ...(windowTokens !== undefined && { windowTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(images !== undefined && { images }),
    ...(pdf !== undefined && { pdf }),
    ...(price && { price }),
  };
}

/** Half a price would count the other half as nothing. */
function parsePrice(name: string, entry: JsonObject): ModelPrice | undefined {
  const [input, output, cacheRead, cacheWrite] = rates.map((field) => rate(name, entry, field));
  if (rates.every((field) => entry[field] === undefined)) return undefined;
  if (input === undefined) throw wrong(`${name}.input`, undefined, 'given with the other prices');
  if (output === undefined) throw wrong(`${name}.output`, undefined, 'given with the other prices');
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
  };
}

function tokens(name: string, entry: JsonObject, field: string): number | undefined {
  const value = entry[field];
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value > 0)) return value;
  throw wrong(`${name}.${field}`, value, 'a whole number of tokens above 0');
}

function rate(name: string, entry: JsonObject, field: string): number | undefined {
  const value = entry[field];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0)) return value;
  throw wrong(`${name}.${field}`, value, 'a price in US dollars per million tokens, 0 or more');
}

function flag(name: string, entry: JsonObject, field: string): boolean | undefined {
  const value = entry[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrong(`${name}.${field}`, value, 'true or false');
}

function wrong(where: string, value: unknown, wanted: string): ConfigError {
  const place = where === '' ? '`countersign.models`' : `\`countersign.models\` at "${where}"`;
  const found = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
  return new ConfigError('invalid_value', `The setting ${place} is ${found}.`, {
    advice: `It must be ${wanted}. Correct it in your user settings.`,
  });
}
