/**
 * What is known of models, kept by hand. Checked 2026-11-21 against:
 *  - Anthropic, platform.claude.com/docs/en/models (windows, output) and the catalogue in @ai-sdk/anthropic 4.0.105 (output, thinking)
 * The OpenAI and Gemini rows are from memory of the vendors' published limits and could not be checked again on that day.
 * Too small costs an early compaction, too large a failed request; so in doubt the smaller number. No prices.
 */
export interface ModelFacts {
  /** Tokens of input and output together. */
  readonly maxWindowSize: number;
  readonly maxOutputTokens: number;
  readonly images: boolean;
  /** 'adaptive': thinks as much as it sees fit when asked to, and can show a summary of it. */
  readonly thinking: 'none' | 'adaptive' | 'unknown';
}

const unknownModel: ModelFacts = { maxWindowSize: 128_000, maxOutputTokens: 8_192, images: false, thinking: 'unknown' };

/** The first whose start fits; written with `-` for `.`, so that `claude-opus-4.8` of a reseller fits as well. */
const facts: readonly (readonly [start: string, facts: ModelFacts])[] = [
  ['claude-opus-5', { maxWindowSize: 1_000_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-sonnet-5', { maxWindowSize: 1_000_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-haiku-5', { maxWindowSize: 1_000_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-fable-5', { maxWindowSize: 1_000_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-opus-4-8', { maxWindowSize: 200_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-opus-4-7', { maxWindowSize: 200_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-opus-4-6', { maxWindowSize: 200_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-sonnet-4-6', { maxWindowSize: 200_000, maxOutputTokens: 128_000, images: true, thinking: 'adaptive' }],
  ['claude-opus-4-5', { maxWindowSize: 200_000, maxOutputTokens: 64_000, images: true, thinking: 'none' }],
  ['claude-sonnet-4', { maxWindowSize: 200_000, maxOutputTokens: 64_000, images: true, thinking: 'none' }],
  ['claude-haiku-4-5', { maxWindowSize: 200_000, maxOutputTokens: 64_000, images: true, thinking: 'none' }],
  ['claude-opus-4', { maxWindowSize: 200_000, maxOutputTokens: 32_000, images: true, thinking: 'none' }],
  ['gpt-5', { maxWindowSize: 400_000, maxOutputTokens: 128_000, images: true, thinking: 'unknown' }],
  ['gpt-4-1', { maxWindowSize: 1_047_576, maxOutputTokens: 32_768, images: true, thinking: 'none' }],
  ['gpt-4o', { maxWindowSize: 128_000, maxOutputTokens: 16_384, images: true, thinking: 'none' }],
  ['o4-mini', { maxWindowSize: 200_000, maxOutputTokens: 100_000, images: true, thinking: 'unknown' }],
  ['o3', { maxWindowSize: 200_000, maxOutputTokens: 100_000, images: true, thinking: 'unknown' }],
  ['gemini-2-5', { maxWindowSize: 1_048_576, maxOutputTokens: 65_535, images: true, thinking: 'unknown' }],
];

/** Facts of a model by its name; `vendor/model` of a reseller counts as the model. Unknown: cautious defaults. */
export function modelFacts(model: string): ModelFacts {
  const name = (model.split('/').at(-1) ?? model).toLowerCase().replaceAll('.', '-');
  return facts.find(([start]) => name.startsWith(start))?.[1] ?? unknownModel;
}
