import { ConfigError } from '../../core/errors';
import type { ModelProvider } from '../../core/model/provider';
import type { ModelChoice } from '../../core/protocol/models';
import type { ModelConnection } from './connection';
import { modelVendor, modelVendors, type ModelVendor } from './modelVendors';
import { openModel } from './providers';
import { scriptedModelFromFile } from './scriptedFile';

/** Variables of a process, like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the chosen model with the vendor's key from the environment; without a choice, the model that the environment names:
 * COUNTERSIGN_MODEL as `scripted:<file>` plays the answers of a JSON file (`scriptedModelFromFile`), else see
 * `connectionFromEnvironment`. A script cannot be chosen: a session that used one gets the environment's model.
 * @throws what `connectionFromEnvironment`, `scriptedModelFromFile` and `openModel` throw; ConfigError 'no_model' where the key is missing.
 */
export async function modelFromEnvironment(env: Environment, choice?: ModelChoice): Promise<ModelProvider> {
  if (choice && choice.vendor !== 'scripted') return openModel(connectionFor(choice, env));
  const script = set(env['COUNTERSIGN_MODEL'])?.match(/^scripted:(.+)$/s)?.[1];
  return script === undefined ? openModel(connectionFromEnvironment(env)) : scriptedModelFromFile(script);
}

/**
 * COUNTERSIGN_MODEL (`vendor:model` or `vendor`) with COUNTERSIGN_BASE_URL and the vendor's key variable, else the first
 * vendor with a key in the environment and its default model.
 * @throws ConfigError 'no_model' naming the variables, 'invalid_value' for an unknown vendor.
 */
export function connectionFromEnvironment(env: Environment): ModelConnection {
  const wanted = set(env['COUNTERSIGN_MODEL']);
  if (wanted !== undefined) return chosen(wanted, env);
  for (const vendor of modelVendors) {
    const apiKey = keyOf(vendor, env);
    if (apiKey !== undefined && vendor.defaultModel !== undefined)
      return { vendor: vendor.id, model: vendor.defaultModel, apiKey };
  }
  const variables = modelVendors
    .filter((vendor) => vendor.defaultModel !== undefined)
    .flatMap(({ envKeys }) => envKeys);
  throw new ConfigError('no_model', 'No model is configured.', {
    advice: `Set COUNTERSIGN_MODEL to vendor:model, for example ollama:qwen3 or anthropic:claude-sonnet-5-5, or set one of the keys ${variables.join(', ')}.`,
  });
}

/** COUNTERSIGN_BASE_URL belongs to the vendor of COUNTERSIGN_MODEL: no other one's key may go there. */
function connectionFor(choice: ModelChoice, env: Environment): ModelConnection {
  const { model, effort } = choice;
  const vendor = modelVendor(choice.vendor);
  const apiKey = keyOf(vendor, env);
  if (vendor.needsKey && apiKey === undefined)
    throw new ConfigError('no_model', `${vendor.label} needs a key for its model ${JSON.stringify(model)}.`, {
      advice: `Set ${vendor.envKeys.join(' or ')}, or pass another \`model\`.`,
    });
  const named = set(env['COUNTERSIGN_MODEL'])?.split(':', 1)[0];
  const baseUrl = named === vendor.id ? set(env['COUNTERSIGN_BASE_URL']) : undefined;
  return {
    ...{ vendor: vendor.id, model, choice },
    ...(effort && { effort }),
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

/** Names of local models hold colons themselves (`ollama:qwen3:8b`): only the first one divides. */
function chosen(text: string, env: Environment): ModelConnection {
  const colon = text.indexOf(':');
  const vendor = modelVendor(colon === -1 ? text : text.slice(0, colon));
  const model = colon === -1 ? vendor.defaultModel : set(text.slice(colon + 1));
  if (model === undefined)
    throw new ConfigError('no_model', `COUNTERSIGN_MODEL is "${text}" and names no model of ${vendor.label}.`, {
      advice: `Write it as ${vendor.id}:model.`,
    });
  const apiKey = keyOf(vendor, env);
  const baseUrl = set(env['COUNTERSIGN_BASE_URL']);
  return {
    vendor: vendor.id,
    model,
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

function keyOf(vendor: ModelVendor, env: Environment): string | undefined {
  return vendor.envKeys.map((name) => set(env[name])).find((key) => key !== undefined);
}

/** An empty variable counts as none. */
function set(value: string | undefined): string | undefined {
  const text = value?.trim() ?? '';
  return text === '' ? undefined : text;
}
