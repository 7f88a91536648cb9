import type { LanguageModelV4, LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { KeepAlive, ModelCapabilities, ModelChunk, ModelProvider, ModelRequest } from '../../core/model/provider';
import type { Endpoint } from './advice';
import { toChunks } from './chunks';
import type { ResolvedConnection } from './connection';
import { toModelError } from './errors';
import { streamingFetch } from './http';
import { modelFacts, type ModelFacts } from './modelFacts';
import { toPrompt, toTools } from './prompt';

/** A model of the AI SDK with what its vendor needs beside it. */
export interface SdkModel {
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

/**
 * What a vendor's module exports. It is a bundle of its own, loaded when the first of its models is opened, so it holds
 * the SDK and nothing that is compared by `instanceof`: our errors would be other classes in there.
 */
export interface SdkModule {
  readonly create: (connection: ResolvedConnection, fetch: typeof globalThis.fetch) => SdkModel;
}

/** A model of the AI SDK as our port. Only its wire format is used: loop, retries and time-outs are ours. */
export function aiSdkProvider(module: SdkModule, connection: ResolvedConnection): ModelProvider {
  const endpoint = endpointOf(connection);
  const sdk = module.create(connection, streamingFetch(endpoint));
  const facts = modelFacts(connection.vendor, connection.model, connection.baseUrl);
  return {
    vendor: connection.vendor,
    model: connection.model,
    capabilities: capabilitiesOf(facts),
    maxWindowSize: facts.maxWindowSize,
    maxOutputTokens: facts.maxOutputTokens,
    stream: (request, signal) => stream(sdk, connection.vendor, endpoint, request, signal),
  };
}

/** Whom a connection calls, with everything in it that must not be shown. */
function endpointOf(connection: ResolvedConnection): Endpoint {
  const { label, model, baseUrl, apiKey, headers = {} } = connection;
  return { label, model, baseUrl, secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)] };
}

async function* stream(
  sdk: SdkModel,
  vendor: string,
  endpoint: Endpoint,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk | KeepAlive, void, undefined> {
  const call = new AbortController();
  const onAbort = (): void => call.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { stream: parts } = await sdk.model.doStream(callOptions(sdk, vendor, request, call.signal));
    yield* toChunks(parts, { endpoint, returnsReasoning: sdk.returnsReasoning ?? false });
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, endpoint);
  } finally {
    signal.removeEventListener('abort', onAbort);
    call.abort(); // Leaving the loop early ends the request too.
  }
}

function callOptions(
  sdk: SdkModel,
  vendor: string,
  request: ModelRequest,
  signal: AbortSignal,
): LanguageModelV4CallOptions {
  const { cacheMark, providerOptions } = sdk;
  const promptOptions = { vendor, ...(cacheMark && { cacheMark }) };
  const maxOutputTokens = request.maxOutputTokens ?? sdk.defaultMaxOutputTokens;
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
    pdf: facts.pdf,
    thinking: facts.thinking === 'adaptive',
    usage: 'reported',
  };
}
