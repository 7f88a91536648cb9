import type { LanguageModelV4, LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { KeepAlive, ModelCapabilities, ModelChunk, ModelProvider, ModelRequest } from '../../core/model/provider';
import type { Endpoint } from './advice';
import { toChunks } from './chunks';
import type { ResolvedConnection } from './connection';
import { toModelError } from './errors';
import { modelFacts, type ModelFacts } from './modelFacts';
import { toPrompt, toTools } from './prompt';

export interface AiSdkModel {
  readonly connection: ResolvedConnection;
  readonly model: LanguageModelV4;
  /** Sent with every call. */
  readonly providerOptions?: SharedV4ProviderOptions;
  /** See PromptOptions. */
  readonly cacheMark?: SharedV4ProviderOptions;
  /** Whether reasoning without a signature goes back to the vendor too. */
  readonly returnsReasoning?: boolean;
  /** Sent where a request does not say how long the answer may be; undefined: the vendor decides. */
  readonly defaultMaxOutputTokens?: number;
}

/** A model of the AI SDK as our port. Only its wire format is used: loop, retries and time-outs are ours. */
export function aiSdkProvider(options: AiSdkModel): ModelProvider {
  const { connection } = options;
  const facts = modelFacts(connection.model);
  return {
    vendor: connection.vendor,
    model: connection.model,
    capabilities: capabilitiesOf(facts),
    maxWindowSize: facts.maxWindowSize,
    maxOutputTokens: facts.maxOutputTokens,
    stream: (request, signal) => stream(options, request, signal),
  };
}

/** Whom a connection calls, with everything in it that must not be shown. */
export function endpointOf(connection: ResolvedConnection): Endpoint {
  const { label, model, baseUrl, apiKey, headers = {} } = connection;
  return { label, model, baseUrl, secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)] };
}

async function* stream(
  options: AiSdkModel,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk | KeepAlive, void, undefined> {
  const endpoint = endpointOf(options.connection);
  const call = new AbortController();
  const onAbort = (): void => call.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { stream: parts } = await options.model.doStream(callOptions(options, request, call.signal));
    yield* toChunks(parts, { endpoint, returnsReasoning: options.returnsReasoning ?? false });
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, endpoint);
  } finally {
    signal.removeEventListener('abort', onAbort);
    call.abort(); // Leaving the loop early ends the request too.
  }
}

function callOptions(options: AiSdkModel, request: ModelRequest, signal: AbortSignal): LanguageModelV4CallOptions {
  const { cacheMark, providerOptions } = options;
  const promptOptions = { vendor: options.connection.vendor, ...(cacheMark && { cacheMark }) };
  const maxOutputTokens = request.maxOutputTokens ?? options.defaultMaxOutputTokens;
  return {
    prompt: toPrompt(request, promptOptions),
    ...(request.tools.length > 0 && {
      tools: [...toTools(request.tools, promptOptions)],
      toolChoice: { type: 'auto' },
    }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(providerOptions && { providerOptions }),
    abortSignal: signal,
  };
}

function capabilitiesOf(facts: ModelFacts): ModelCapabilities {
  return {
    system: true,
    tools: true,
    parallelToolCalls: true,
    images: facts.images,
    thinking: facts.thinking === 'adaptive',
    usage: 'reported',
  };
}
