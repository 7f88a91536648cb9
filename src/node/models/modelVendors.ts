import { ConfigError } from '../../core/errors';
import type { VendorKind } from '../../core/protocol/models';
import type { SdkModule } from './sdkModel';
import type { ResolvedConnection } from './connection';

/** Someone who serves models. */
export interface ModelVendor {
  readonly id: string;
  /** For people. */
  readonly label: string;
  readonly kind: VendorKind;
  readonly needsKey: boolean;
  /** With the version. Absent: the user has to say it. */
  readonly defaultBaseUrl?: string;
  /** Put behind an address that names only a host, as people write it. */
  readonly path?: string;
  /** Absent: the user has to choose one. */
  readonly defaultModel?: string;
  /** Where keys are made. */
  readonly keyUrl?: string;
  /** Environment variables that may hold a key, the first one first. */
  readonly envKeys: readonly string[];
  /** Loads the vendor's code; nothing of it is loaded before. @internal: the SDK's types stay inside of the package. */
  readonly load: (connection: ResolvedConnection) => Promise<SdkModule>;
}

const anthropic = (): Promise<SdkModule> => import('./anthropic');
const openAiResponses = (): Promise<SdkModule> => import('./openaiResponses');
const openAiCompatible = (): Promise<SdkModule> => import('./openaiCompatible');
const google = (): Promise<SdkModule> => import('./google');

/** Whoever else speaks OpenAI's language speaks Chat Completions; the Responses API is OpenAI's own. */
const openAi: ModelVendor['load'] = ({ api, baseUrl }) =>
  (api ?? (/^https:\/\/([a-z]+\.)?api\.openai\.com(\/|$)/.test(baseUrl) ? 'responses' : 'chat')) === 'responses'
    ? openAiResponses()
    : openAiCompatible();

/** In the order in which keys of the environment are looked for. */
export const modelVendors: readonly ModelVendor[] = [
  {
    id: 'anthropic',
    label: 'Anthropic',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.anthropic.com/v1',
    defaultModel: 'claude-sonnet-5-5',
    keyUrl: 'https://platform.claude.com/settings/keys',
    envKeys: ['ANTHROPIC_API_KEY'],
    load: anthropic,
  },
  {
    id: 'openai',
    label: 'OpenAI',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.openai.com/v1',
    defaultModel: 'gpt-5.4',
    keyUrl: 'https://platform.openai.com/api-keys',
    envKeys: ['OPENAI_API_KEY'],
    load: openAi,
  },
  {
    id: 'google',
    label: 'Google Gemini',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    defaultModel: 'gemini-3.8-flash',
    keyUrl: 'https://aistudio.google.com/apikey',
    envKeys: ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    load: google,
  },
  {
    id: 'openrouter',
    label: 'OpenRouter',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://openrouter.ai/api/v1',
    defaultModel: 'anthropic/claude-sonnet-5',
    keyUrl: 'https://openrouter.ai/settings/keys',
    envKeys: ['OPENROUTER_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'ollama',
    label: 'Ollama',
    kind: 'local',
    needsKey: false,
    defaultBaseUrl: 'http://127.0.0.1:11434/v1',
    path: '/v1',
    envKeys: [],
    load: openAiCompatible,
  },
  {
    id: 'lmstudio',
    label: 'LM Studio',
    kind: 'local',
    needsKey: false,
    defaultBaseUrl: 'http://127.0.0.1:1234/v1',
    path: '/v1',
    envKeys: [],
    load: openAiCompatible,
  },
  {
    id: 'vllm',
    label: 'vLLM',
    kind: 'local',
    needsKey: false,
    defaultBaseUrl: 'http://127.0.0.1:8000/v1',
    path: '/v1',
    envKeys: ['VLLM_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'llamacpp',
    label: 'llama.cpp',
    kind: 'local',
    needsKey: false,
    defaultBaseUrl: 'http://127.0.0.1:8080/v1',
    path: '/v1',
    envKeys: ['LLAMA_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'deepseek',
    label: 'DeepSeek',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.deepseek.com/v1',
    keyUrl: 'https://platform.deepseek.com/api_keys',
    envKeys: ['DEEPSEEK_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'mistral',
    label: 'Mistral',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.mistral.ai/v1',
    keyUrl: 'https://console.mistral.ai/api-keys',
    envKeys: ['MISTRAL_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'groq',
    label: 'Groq',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.groq.com/openai/v1',
    keyUrl: 'https://console.groq.com/keys',
    envKeys: ['GROQ_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'xai',
    label: 'xAI',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.x.ai/v1',
    keyUrl: 'https://console.x.ai',
    envKeys: ['XAI_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'together',
    label: 'Together AI',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.together.xyz/v1',
    keyUrl: 'https://api.together.ai/settings/api-keys',
    envKeys: ['TOGETHER_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'azure',
    label: 'Azure OpenAI',
    kind: 'custom',
    needsKey: true,
    path: '/openai/v1',
    keyUrl: 'https://ai.azure.com',
    envKeys: ['AZURE_OPENAI_API_KEY'],
    load: openAi,
  },
  {
    id: 'zai',
    label: 'Z.ai (GLM)',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.z.ai/api/paas/v4',
    keyUrl: 'https://z.ai/manage-apikey/apikey-list',
    envKeys: ['ZAI_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'moonshot',
    label: 'Moonshot AI (Kimi)',
    kind: 'cloud',
    needsKey: true,
    defaultBaseUrl: 'https://api.moonshot.ai/v1',
    keyUrl: 'https://platform.moonshot.ai/console/api-keys',
    envKeys: ['MOONSHOT_API_KEY'],
    load: openAiCompatible,
  },
  {
    id: 'minimax',
    label: 'MiniMax',
    kind: 'cloud',
    needsKey: true,
    // Their Anthropic format keeps thinking apart from text; in their OpenAI format it stands in the answer itself.
    defaultBaseUrl: 'https://api.minimax.io/anthropic/v1',
    defaultModel: 'MiniMax-M3',
    keyUrl: 'https://platform.minimax.io/user-center/basic-information/interface-key',
    envKeys: ['MINIMAX_API_KEY'],
    load: anthropic,
  },
  {
    id: 'openai-compatible',
    label: 'OpenAI-compatible endpoint',
    kind: 'custom',
    needsKey: false,
    envKeys: ['COUNTERSIGN_API_KEY'],
    load: openAiCompatible,
  },
];

/** @throws ConfigError 'invalid_value' for an id that is not in the list. */
export function modelVendor(id: string): ModelVendor {
  const vendor = modelVendors.find((candidate) => candidate.id === id);
  if (vendor) return vendor;
  const known = modelVendors.map((candidate) => candidate.id).join(', ');
  throw new ConfigError('invalid_value', `There is no model vendor "${id}".`, { advice: `Use one of: ${known}.` });
}
