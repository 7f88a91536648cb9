import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { FinishReason, ModelChunk } from '../../core/model/provider';
import type { TokenUsage } from '../../core/protocol/usage';
import { assertNever } from '../../core/util/assertNever';
import type { JsonObject } from '../../core/util/json';
import type { Endpoint } from './advice';
import { cutOff, unreadable } from './errors';

type FinishPart = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

export interface ChunkOptions {
  readonly endpoint: Endpoint;
  /** Whether reasoning without a signature goes back to the vendor too. */
  readonly returnsReasoning: boolean;
}

/**
 * The SDK's stream as ours. Tool arguments are passed on as the text they came as, cut off or not.
 * @throws the error of an error part; ModelError for an end that is no proper one.
 */
export async function* toChunks(
  parts: AsyncIterable<LanguageModelV4StreamPart>,
  options: ChunkOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  /** A signature comes at the start, in the middle or at the end of its block. */
  const reasoning = new Map<string, SharedV4ProviderMetadata>();
  for await (const part of parts) {
    switch (part.type) {
      case 'text-delta':
        if (part.delta !== '') yield { type: 'text', delta: part.delta };
        break;
      case 'reasoning-start':
      case 'reasoning-delta':
        gather(reasoning, part.id, part.providerMetadata);
        if (part.type === 'reasoning-delta' && part.delta !== '') yield { type: 'reasoning', delta: part.delta };
        break;
      case 'reasoning-end':
        gather(reasoning, part.id, part.providerMetadata);
        yield reasoningEnd(reasoning.get(part.id) ?? {}, options.returnsReasoning);
        reasoning.delete(part.id);
        break;
      case 'tool-input-start':
        yield { type: 'tool_call_start', id: part.id, name: part.toolName };
        break;
      case 'tool-input-delta':
        yield { type: 'tool_call_delta', id: part.id, delta: part.delta };
        break;
      case 'tool-call': {
        const data: JsonObject | undefined = part.providerMetadata;
        yield { type: 'tool_call', id: part.toolCallId, name: part.toolName, input: part.input, ...(data && { data }) };
        break;
      }
      case 'finish':
        yield* ending(part, options.endpoint);
        break;
      case 'error':
        throw part.error;
      case 'ping':
      case 'stream-start':
      case 'response-metadata':
      case 'text-start':
      case 'text-end':
      case 'tool-input-end':
      case 'raw':
      case 'tool-result':
      case 'tool-approval-request':
      case 'custom':
      case 'file':
      case 'reasoning-file':
      case 'source':
        break; // Says nothing that we show or keep; tools that run at the vendor are never offered.
      default:
        assertNever(part);
    }
  }
}

function gather(
  blocks: Map<string, SharedV4ProviderMetadata>,
  id: string,
  metadata: SharedV4ProviderMetadata | undefined,
): void {
  const merged = { ...blocks.get(id) };
  for (const [name, data] of Object.entries(metadata ?? {})) merged[name] = { ...merged[name], ...data };
  blocks.set(id, merged);
}

function reasoningEnd(metadata: SharedV4ProviderMetadata, returnsReasoning: boolean): ModelChunk {
  const data: JsonObject = metadata;
  return { type: 'reasoning_end', ...((returnsReasoning || Object.keys(data).length > 0) && { data }) };
}

function* ending(part: FinishPart, endpoint: Endpoint): Generator<ModelChunk, void, undefined> {
  const usage = toUsage(part.usage);
  if (usage) yield usage;
  yield { type: 'finish', reason: finishReason(part, endpoint) };
}

/** How vendors call it that their model lost the thread or that they gave it up; another try mostly goes well. */
const brokenEnds: ReadonlySet<string> = new Set([
  'error',
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'UNEXPECTED_TOOL_CALL',
  'insufficient_system_resource',
]);

function finishReason({ finishReason: { unified, raw } }: FinishPart, endpoint: Endpoint): FinishReason {
  switch (unified) {
    case 'stop':
    case 'length':
      return unified;
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'error':
    case 'interrupted':
    case 'other':
      if (raw === undefined || brokenEnds.has(raw)) throw cutOff(endpoint, raw);
      throw unreadable(`the finish reason "${raw}"`, undefined, endpoint);
    default:
      return assertNever(unified);
  }
}

/** Undefined where the vendor counted nothing: unknown is not 0. */
function toUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): ModelChunk | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  const input = inputTokens.total ?? 0;
  const output = outputTokens.total ?? 0;
  const usage: Omit<TokenUsage, 'cost'> = {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output,
    cacheReadTokens: inputTokens.cacheRead ?? 0,
    cacheWriteTokens: inputTokens.cacheWrite ?? 0,
    ...(outputTokens.reasoning !== undefined &&
      outputTokens.reasoning > 0 && { reasoningTokens: outputTokens.reasoning }),
  };
  return { type: 'usage', usage };
}
