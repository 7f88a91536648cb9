import { ConfigError } from '../../core/errors';
import { modelError } from '../../core/model/errors';
import type { ModelProvider } from '../../core/model/provider';
import { aiSdkProvider, type SdkModule } from './aiSdk';
import { checkedBaseUrl, type ModelConnection } from './connection';

/** Someone who serves models. */
export interface ModelVendor {
  readonly id: string;
  /** For people. */
  readonly label: string;
  readonly needsKey: boolean;
  /** Absent: the user has to say it. */
  readonly defaultBaseUrl?: string;
  /** Absent: the user has to choose one. */
  readonly defaultModel?: string;
  /** Where keys are made. */
  readonly keyUrl?: string;
  /** Environment variables that may hold a key, the first one first. */
  readonly envKeys: readonly string[];
  /** Loads the vendor's code; nothing of it is loaded before. */
  readonly load: () => Promise<SdkModule>;
}

const loadAnthropic = (): Promise<SdkModule> => import('./anthropic');
const loadOpenAiCompatible = (): Promise<SdkModule> => import('./openaiCompatible');

/** In the order in which keys of the environment are looked for. */
export const modelVendors: readonly ModelVendor[] = [
  {
    id: 'anthropic',
    label: 'Anthropic',
    needsKey: true,
    defaultBaseUrl: 'https://api.anthropic.com/v1',
    defaultModel: 'claude-sonnet-5-5',
    keyUrl: 'https://platform.claude.com/settings/keys',
    envKeys: ['ANTHROPIC_API_KEY'],
    load: loadAnthropic,
  },
  {
    id: 'openai',
    label: 'OpenAI',
    needsKey: true,
    defaultBaseUrl: 'https://api.openai.com/v1',
    defaultModel: 'gpt-5.4',
    keyUrl: 'https://platform.openai.com/api-keys',
    envKeys: ['OPENAI_API_KEY'],
    load: loadOpenAiCompatible,
  },
  {
    id: 'openrouter',
    label: 'OpenRouter',
    needsKey: true,
    defaultBaseUrl: 'https://openrouter.ai/api/v1',
    defaultModel: 'anthropic/claude-sonnet-5',
    keyUrl: 'https://openrouter.ai/settings/keys',
    envKeys: ['OPENROUTER_API_KEY'],
    load: loadOpenAiCompatible,
  },
  {
    id: 'ollama',
    label: 'Ollama',
    needsKey: false,
    defaultBaseUrl: 'http://127.0.0.1:11434/v1',
    envKeys: [],
    load: loadOpenAiCompatible,
  },
  {
    id: 'lmstudio',
    label: 'LM Studio',
    needsKey: false,
    defaultBaseUrl: 'http://127.0.0.1:1234/v1',
    envKeys: [],
    load: loadOpenAiCompatible,
  },
  {
    id: 'openai-compatible',
    label: 'OpenAI-compatible endpoint',
    needsKey: false,
    envKeys: ['COUNTERSIGN_API_KEY'],
    load: loadOpenAiCompatible,
  },
];

/** @throws ConfigError 'invalid_value' for an id that is not in the list. */
export function modelVendor(id: string): ModelVendor {
  const vendor = modelVendors.find((candidate) => candidate.id === id);
  if (vendor) return vendor;
  const known = modelVendors.map((candidate) => candidate.id).join(', ');
  throw new ConfigError('invalid_value', `There is no model vendor "${id}".`, { advice: `Use one of: ${known}.` });
}

/**
 * Loads the vendor's code and makes the model; no request is sent yet.
 * @throws ConfigError 'invalid_value' for a vendor or an endpoint that cannot be; ModelError 'authentication' where the vendor needs a key and there is none.
 */
export async function openModel(connection: ModelConnection): Promise<ModelProvider> {
  const vendor = modelVendor(connection.vendor);
  const address = connection.baseUrl ?? vendor.defaultBaseUrl;
  if (address === undefined)
    throw new ConfigError('invalid_value', `${vendor.label} has no address yet.`, {
      advice: 'Set `countersign.endpoints` (or COUNTERSIGN_BASE_URL) to it, for example https://models.example.com/v1.',
    });
  const baseUrl = checkedBaseUrl(address);
  const model = connection.model.trim();
  if (model === '')
    throw new ConfigError('invalid_value', `No model of ${vendor.label} is chosen.`, {
      advice: 'Choose one with the command "Countersign: Choose Model".',
    });
  const { apiKey: key, ...rest } = connection;
  const apiKey = key?.trim() ?? '';
  if (vendor.needsKey && apiKey === '')
    throw modelError('authentication', `${vendor.label} needs a key and there is none.`, {
      advice: `Set it with the command "Countersign: Set API Key"${vendor.keyUrl === undefined ? '' : `; keys are made at ${vendor.keyUrl}`}.`,
    });
  const resolved = { ...rest, model, baseUrl, label: vendor.label, ...(apiKey !== '' && { apiKey }) };
  return aiSdkProvider(await vendor.load(), resolved);
}
