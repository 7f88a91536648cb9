import type { ModelProvider, ModelRequest } from '../../src/core/model/provider';
import { ContextLengthError } from '../../src/core/model/errors';
import { scriptedModel, type ScriptedAnswer } from '../../src/core/model/scripted';

export interface VendorOptions {
  readonly windowTokens: number;
  readonly maxOutputTokens: number;
  /** What the model is said to have. Default: `windowTokens`. */
  readonly saidWindowTokens?: number;
  readonly price?: ModelProvider['price'];
  /** Characters per token, as this vendor counts. Default 3. */
  readonly charactersPerToken?: number;
}

/** A scripted model that counts and refuses as a vendor does: by its own measure, with an error for what does not fit. */
export function vendorModel(
  answer: (request: ModelRequest) => ScriptedAnswer,
  { windowTokens, maxOutputTokens, saidWindowTokens = windowTokens, price, charactersPerToken = 3 }: VendorOptions,
): ModelProvider & { readonly requests: readonly ModelRequest[] } {
  const requests: ModelRequest[] = [];
  const scripted = scriptedModel((request) => answer(request));
  const count = (value: unknown): number => Math.ceil(JSON.stringify(value).length / charactersPerToken);
  const { price: _free, ...rest } = scripted;
  return {
    ...rest,
    ...(price && { price }),
    capabilities: { ...scripted.capabilities, usage: 'reported' },
    maxWindowSize: saidWindowTokens,
    maxOutputTokens,
    requests,
    async *stream(request, signal) {
      const inputTokens = count([request.system, request.messages, request.tools]);
      if (inputTokens + (request.maxOutputTokens ?? maxOutputTokens) > windowTokens)
        throw new ContextLengthError(`prompt is too long: ${inputTokens} tokens > ${windowTokens}`);
      requests.push(request);
      for await (const chunk of scripted.stream(request, signal)) {
        if (chunk.type !== 'usage') yield chunk;
        else {
          const { outputTokens } = chunk.usage;
          yield {
            type: 'usage',
            usage: { ...chunk.usage, inputTokens, totalTokens: inputTokens + outputTokens },
          };
        }
      }
    },
  };
}

export const isSummaryRequest = (request: ModelRequest): boolean => request.system.startsWith('You keep the record');
