import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { KeepAlive, ModelChunk, ModelProvider, ModelRequest } from '../../core/model/provider';
import { isLocal, type Endpoint } from './advice';
import { toChunks } from './chunks';
import type { ResolvedConnection } from './connection';
import { toModelError } from './errors';
import { secretsOf } from './failure';
import { overrideFacts } from './factsOverride';
import { streamingFetch } from './http';
import { knownEffort } from './knownEffort';
import { localFetch } from './localFetch';
import { modelFacts, type ModelFacts } from './modelFacts';
import { toPrompt, toTools } from './prompt';
import type { SdkModel, SdkModule } from './sdkModel';
import { Pulse, withSignsOfLife } from './signsOfLife';

/** A model with everything that a call of it needs. */
interface Opened {
  readonly module: SdkModule;
  readonly connection: ResolvedConnection;
  readonly endpoint: Endpoint;
  readonly facts: ModelFacts;
}

/** How long a server on this machine may take to load a model before it says anything. */
const loadingTimeoutMs = 600_000;

/** A model of the AI SDK as our port. Only its wire format is used: loop, retries and time-outs are ours. */
export function aiSdkProvider(module: SdkModule, connection: ResolvedConnection): ModelProvider {
  const endpoint = endpointOf(connection);
  const { vendor, model, baseUrl, effort, traits = {} } = connection;
  const facts = overrideFacts(modelFacts(vendor, model, baseUrl), traits);
  const opened = { module, connection, endpoint, facts };
  return {
    vendor,
    model,
    choice: connection.choice ?? { vendor, model, ...(effort !== undefined && { effort }) },
    ...(facts.price && { price: facts.price }),
    capabilities: {
      system: true,
      tools: true,
      parallelToolCalls: true,
      images: facts.images,
      pdf: facts.pdf,
      thinking: facts.thinking === 'adaptive' || facts.efforts.length > 0,
      usage: 'reported',
    },
    maxWindowSize: facts.maxWindowSize,
    maxOutputTokens: facts.maxOutputTokens,
    ...(isLocal(endpoint) && { firstChunkTimeoutMs: loadingTimeoutMs }),
    stream: (request, signal) => stream(opened, request, signal),
  };
}

/** Whom a connection calls, with everything in it that must not be shown. */
function endpointOf(connection: ResolvedConnection): Endpoint {
  const { label, kind, model, baseUrl, apiKey, headers } = connection;
  return { label, kind, model, baseUrl, secrets: secretsOf(apiKey, headers) };
}

async function* stream(
  opened: Opened,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk | KeepAlive, void, undefined> {
  const call = new AbortController();
  const onAbort = (): void => call.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  const pulse = new Pulse();
  try {
    yield* withSignsOfLife(answer(opened, request, pulse, call.signal), pulse);
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, opened.endpoint);
  } finally {
    signal.removeEventListener('abort', onAbort);
    call.abort(); // Leaving the loop early ends the request too.
  }
}

async function* answer(
  opened: Opened,
  request: ModelRequest,
  pulse: Pulse,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk, void, undefined> {
  const { module, connection, facts, endpoint } = opened;
  const { kind, options } = connection;
  const fetch = streamingFetch({
    endpoint,
    body: options,
    onBytes: () => pulse.beat(),
    fetch: kind !== 'cloud' && isPlainLocal(endpoint) ? localFetch : undefined,
  });
  const sdk = module.create({ connection, facts, fetch, maxOutputTokens: request.maxOutputTokens });
  const { stream: parts } = await sdk.model.doStream(callOptions(opened, sdk, request, signal));
  yield* toChunks(parts, { endpoint, returnsReasoning: sdk.returnsReasoning ?? false });
}

function isPlainLocal(endpoint: Endpoint): boolean {
  return isLocal(endpoint) && endpoint.baseUrl.startsWith('http:');
}

function callOptions(
  { connection: { vendor, effort }, facts }: Opened,
  sdk: SdkModel,
  request: ModelRequest,
  signal: AbortSignal,
): LanguageModelV4CallOptions {
  const { providerOptions } = sdk;
  const promptOptions = { ...sdk, vendor, images: facts.images, pdf: facts.pdf };
  const { maxOutputTokens } = sdk.asked ?? request;
  const reasoning = sdk.asked ? sdk.asked.effort : knownEffort(effort, facts);
  return {
    prompt: toPrompt(request, promptOptions),
    ...(request.tools.length > 0 && {
      tools: [...toTools(request.tools, promptOptions)],
      toolChoice: { type: 'auto' },
    }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(reasoning !== undefined && { reasoning }),
    ...(providerOptions && { providerOptions }),
    abortSignal: signal,
  };
}
