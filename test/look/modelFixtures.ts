import type { ModelRow, ModelsView, VendorView } from '../../src/core/protocol/models';
import type { ModelSpending } from '../../src/core/protocol/usage';

const efforts = ['low', 'medium', 'high', 'max'] as const;

export const anthropic: VendorView = {
  ...{ id: 'anthropic', label: 'Anthropic', kind: 'cloud', needsKey: true, ready: true, list: 'listed' },
  ...{ baseUrl: 'https://api.anthropic.com/v1', keyUrl: 'https://console.anthropic.com/settings/keys' },
  keys: [
    { name: 'default', hint: 'a1b2', current: true },
    { name: 'work', hint: '9f3c', current: false },
  ],
  models: [
    {
      ...{ vendor: 'anthropic', model: 'claude-sonnet-4-5', label: 'Claude Sonnet 4.5', windowTokens: 200_000 },
      ...{ price: { input: 3, output: 15, cacheRead: 0.3 }, images: true, efforts },
    },
    {
      ...{ vendor: 'anthropic', model: 'claude-opus-4-5', label: 'Claude Opus 4.5', windowTokens: 1_000_000 },
      ...{ price: { input: 5, output: 25 }, images: true, efforts },
    },
    {
      ...{ vendor: 'anthropic', model: 'claude-3-haiku', label: 'Claude 3 Haiku', windowTokens: 200_000 },
      ...{ price: { input: 0.25, output: 1.25 }, images: true, efforts: [] },
    },
  ],
};

export const openai: VendorView = {
  ...{ id: 'openai', label: 'OpenAI', kind: 'cloud', needsKey: true, ready: false, list: 'known', keys: [] },
  ...{ baseUrl: 'https://api.openai.com/v1', keyUrl: 'https://platform.openai.com/api-keys' },
  models: [
    {
      ...{ vendor: 'openai', model: 'gpt-5-mini', label: 'GPT-5 mini', windowTokens: 400_000 },
      ...{ price: { input: 0.25, output: 2 }, images: true, efforts: ['minimal', 'low', 'medium', 'high'] },
    },
  ],
};

const manyModels: readonly ModelRow[] = Array.from({ length: 400 }, (_, index) => ({
  vendor: 'openrouter',
  model: `maker-${index % 20}/model-${index}-instruct-with-a-rather-long-name`,
  ...(index % 3 > 0 && { windowTokens: 131_072, price: { input: index % 7, output: (index % 7) * 3 } }),
}));

const openrouter: VendorView = {
  ...{ id: 'openrouter', label: 'OpenRouter', kind: 'cloud', needsKey: true, ready: true, list: 'listed' },
  ...{ keys: [{ name: 'default', hint: '77aa', current: true }], models: manyModels },
};

const ollama: VendorView = {
  ...{ id: 'ollama', label: 'Ollama', kind: 'local', needsKey: false, found: true, ready: true, list: 'listed' },
  ...{ keys: [], baseUrl: 'http://127.0.0.1:11434/v1' },
  models: [
    {
      ...{ vendor: 'ollama', model: 'qwen3:8b', windowTokens: 40_960, price: { input: 0, output: 0 } },
      efforts: ['none', 'high'],
    },
  ],
};

export const lmStudio: VendorView = {
  ...{ id: 'lmstudio', label: 'LM Studio', kind: 'local', needsKey: false, found: false, ready: false, list: 'known' },
  ...{ keys: [], baseUrl: 'http://127.0.0.1:1234/v1', models: [] },
};

export const groq: VendorView = {
  ...{ id: 'groq', label: 'Groq', kind: 'cloud', needsKey: true, ready: true, models: [] },
  ...{ keys: [{ name: 'default', hint: 'zz01', current: true }], baseUrl: 'https://api.groq.com/openai/v1' },
  list: { problem: 'Groq refused the API key (401).', advice: 'Set a valid key, then ask for the list again.' },
};

const custom: VendorView = {
  ...{ id: 'custom', label: 'Custom endpoint', kind: 'custom', needsKey: false, ready: false, list: 'known' },
  ...{ keys: [], models: [] },
};

const editor: VendorView = {
  ...{ id: 'vscode', label: 'VS Code', kind: 'editor', needsKey: false, ready: true, list: 'listed', keys: [] },
  models: [{ vendor: 'vscode', model: 'copilot/gpt-4.1', label: 'GPT-4.1 (Copilot)', windowTokens: 128_000 }],
};

export const someModels: ModelsView = {
  vendors: [anthropic, editor, ollama, openrouter, groq, openai, lmStudio, custom],
  favourites: [{ vendor: 'anthropic', model: 'claude-sonnet-4-5' }],
  standard: { vendor: 'anthropic', model: 'claude-sonnet-4-5' },
};

/** Before anything is set up. */
export const noModels: ModelsView = { vendors: [lmStudio, openai, custom], favourites: [] };

const spending = (vendor: string, model: string, calls: number, cost?: number): ModelSpending => ({
  ...{ vendor, model, calls, unpricedCalls: cost === undefined ? calls : 0 },
  usage: {
    ...{ inputTokens: 21_000 * calls, outputTokens: 800 * calls, totalTokens: 21_800 * calls, reasoningTokens: 200 },
    ...{ cacheReadTokens: 16_000 * calls, cacheWriteTokens: 0, cost: cost ?? 0 },
  },
});

export const spentToday: readonly ModelSpending[] = [
  spending('anthropic', 'claude-sonnet-4-5', 31, 1.72),
  spending('openrouter', 'maker-3/model-3-instruct-with-a-rather-long-name', 4),
];
