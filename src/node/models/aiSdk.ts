import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { KeepAlive, ModelChunk, ModelProvider, ModelRequest } from '../../core/model/provider';
import { abilitiesOf, knownEffort, type Abilities } from './abilities';
import type { Endpoint } from './advice';
import { toChunks } from './chunks';
import type { ResolvedConnection } from './connection';
import { toModelError } from './errors';
import { streamingFetch } from './http';
import { toPrompt, toTools } from './prompt';
import type { SdkModel, SdkModule } from './sdkModel';

/** A model with everything that a call of it needs. */
interface Opened {
  readonly connection: ResolvedConnection;
  readonly endpoint: Endpoint;
  readonly abilities: Abilities;
  readonly sdk: SdkModel;
}

/** A model of the AI SDK as our port. Only its wire format is used: loop, retries and time-outs are ours. */
export function aiSdkProvider(module: SdkModule, connection: ResolvedConnection): ModelProvider {
  const endpoint = endpointOf(connection);
  const abilities = abilitiesOf(connection);
  const sdk = module.create({ connection, abilities, fetch: streamingFetch(endpoint, connection.options) });
  const { vendor, model, effort } = connection;
  const opened = { connection, endpoint, abilities, sdk };
  return {
    vendor,
    model,
    choice: connection.choice ?? { vendor, model, ...(effort !== undefined && { effort }) },
    ...(abilities.price && { price: abilities.price }),
    capabilities: {
      system: true,
      tools: true,
      parallelToolCalls: true,
      images: abilities.images,
      pdf: abilities.pdf,
      thinking: abilities.thinking === 'adaptive',
      usage: 'reported',
    },
    maxWindowSize: abilities.maxWindowSize,
    maxOutputTokens: abilities.maxOutputTokens,
    stream: (request, signal) => stream(opened, request, signal),
  };
}

/** Whom a connection calls, with everything in it that must not be shown. */
function endpointOf(connection: ResolvedConnection): Endpoint {
  const { label, model, baseUrl, apiKey, headers = {} } = connection;
  return { label, model, baseUrl, secrets: [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)] };
}

async function* stream(
  opened: Opened,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk | KeepAlive, void, undefined> {
  const { endpoint, sdk } = opened;
  const call = new AbortController();
  const onAbort = (): void => call.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { stream: parts } = await sdk.model.doStream(callOptions(opened, request, call.signal));
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
  { connection: { vendor, effort }, abilities, sdk }: Opened,
  request: ModelRequest,
  signal: AbortSignal,
): LanguageModelV4CallOptions {
  const { providerOptions } = sdk;
  const promptOptions = { ...sdk, vendor, images: abilities.images, pdf: abilities.pdf };
  const maxOutputTokens = request.maxOutputTokens ?? sdk.defaultMaxOutputTokens;
  const reasoning = knownEffort(effort, abilities.efforts);
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
