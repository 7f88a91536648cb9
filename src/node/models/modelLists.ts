import { modelError } from '../../core/model/errors';
import { ModelError } from '../../core/model/provider';
import type { ModelRow } from '../../core/protocol/models';
import type { JsonObject, JsonValue } from '../../core/util/json';
import type { Endpoint } from './advice';
import { checkedHeaders, checkedKey, type ModelConnection } from './connection';
import { unreadable } from './errors';
import { secretsOf } from './failure';
import { askJson, inTime } from './jsonEndpoint';
import { anthropicList } from './lists/anthropicList';
import { googleList } from './lists/googleList';
import { maxRows, type AskEndpoint, type ListedModel } from './lists/listed';
import { lmStudioList } from './lists/lmStudioList';
import { ollamaList } from './lists/ollamaList';
import { llamaCppList, openAiList, togetherList } from './lists/openAiList';
import { openRouterList } from './lists/openRouterList';
import { knownTraits } from './modelFacts';
import { modelVendor } from './modelVendors';
import { addressOf } from './providers';

/** Whose models are asked for. Key and headers go to the address and nowhere else. */
export interface ListSource extends Pick<ModelConnection, 'vendor' | 'baseUrl' | 'apiKey' | 'headers'> {
  /** For the whole list, all pages of it. Default 10,000. */
  readonly timeoutMs?: number;
}

/** A source with its address checked. */
interface ListEndpoint extends ListSource {
  readonly baseUrl: string;
  readonly endpoint: Endpoint;
}

/**
 * The models that an endpoint says it has and that can chat, each with what the endpoint and the table of known models say of
 * it, the endpoint's word first; at most 1,000, in the endpoint's order.
 * @throws ModelError when there is no such list or it is not one; ConfigError for an address that cannot be; the signal's reason when aborted.
 */
export async function listModels(from: ListSource, signal: AbortSignal): Promise<readonly ModelRow[]> {
  const source = endpointOf(from);
  const listed = await inTime(source.timeoutMs ?? 10_000, source.endpoint, signal, (inside) =>
    listerOf(source)(askOf(source, inside)),
  );
  signal.throwIfAborted();
  const rows = new Map(
    listed.filter(({ model }) => !isForSomethingElse(model)).map((row) => [row.model, merged(source, row)]),
  );
  return [...rows.values()].slice(0, maxRows);
}

function listerOf(source: ListEndpoint): (ask: AskEndpoint) => Promise<readonly ListedModel[]> {
  switch (source.vendor) {
    case 'anthropic':
      return anthropicList;
    case 'minimax':
      return isAnthropic(source) ? anthropicList : openAiList;
    case 'google':
      return googleList;
    case 'openrouter':
      return openRouterList;
    case 'ollama':
      return ollamaList;
    case 'lmstudio':
      return lmStudioList;
    case 'llamacpp':
      return llamaCppList;
    case 'together':
      return togetherList;
    default:
      return openAiList;
  }
}

/** MiniMax speaks Anthropic's language at one address and OpenAI's at another. */
function isAnthropic({ vendor, baseUrl }: ListEndpoint): boolean {
  return vendor === 'anthropic' || (vendor === 'minimax' && /\/anthropic(\/|$)/.test(baseUrl));
}

function endpointOf(source: ListSource): ListEndpoint {
  const vendor = modelVendor(source.vendor);
  const baseUrl = addressOf(source, vendor);
  const { apiKey: key, headers: own, ...rest } = source;
  const headers = checkedHeaders(own);
  const apiKey = checkedKey(key, vendor.label);
  const secrets = secretsOf(apiKey, headers);
  const endpoint = { label: vendor.label, kind: vendor.kind, model: 'its list of models', baseUrl, secrets };
  return { ...rest, headers, baseUrl, endpoint, ...(apiKey !== '' && { apiKey }) };
}

function askOf(source: ListEndpoint, signal: AbortSignal): AskEndpoint {
  const { baseUrl: base, endpoint } = source;
  const headers = headersOf(source);
  const ask = async (url: string, body?: JsonObject): Promise<JsonValue> => {
    try {
      return await askJson({ url, headers, ...(body && { body }) }, endpoint, signal);
    } catch (error) {
      throw error instanceof ModelError && error.code === 'model_not_found' ? noList(endpoint, error) : error;
    }
  };
  return Object.assign((path: string) => ask(`${base}${path}`), {
    atRoot: (path: string, body?: JsonObject) => ask(`${base.replace(/\/v1$/, '')}${path}`, body),
    misshapen: (what: string) => unreadable(what, undefined, endpoint),
  });
}

/** The user's own headers go before ours, however they are written. */
function headersOf(source: ListEndpoint): Readonly<Record<string, string>> {
  const headers = new Headers({ ...keyHeaders(source) });
  for (const [name, value] of Object.entries(source.headers ?? {})) headers.set(name, value);
  return Object.fromEntries(headers);
}

/** A key never stands in the address: addresses end up in logs. */
function keyHeaders(source: ListEndpoint): Readonly<Record<string, string>> {
  const { vendor, apiKey } = source;
  const version = isAnthropic(source) && { 'anthropic-version': '2023-06-01' };
  if (apiKey === undefined) return { ...version };
  if (isAnthropic(source)) return { ...version, 'x-api-key': apiKey };
  if (vendor === 'google') return { 'x-goog-api-key': apiKey };
  if (vendor === 'azure') return { 'api-key': apiKey };
  return { authorization: `Bearer ${apiKey}` };
}

function noList({ label, baseUrl }: Endpoint, cause: ModelError): ModelError {
  return modelError('invalid_response', `${label} (${baseUrl}) has no list of models.`, {
    advice: 'Check the address in the setting `countersign.endpoints`, or type the name of the model yourself.',
    cause,
  });
}

/** Models that an agent cannot talk to; most endpoints say no more of them than their names. */
function isForSomethingElse(model: string): boolean {
  return (
    /embed|whisper|dall-e|moderation|transcribe|imagen|rerank|stable-diffusion|speech|voxtral|orpheus/i.test(model) ||
    /(^|[-/_.:])(tts|realtime|audio|image|ocr|guard|veo|lyria|sora|flux|aqa|live|babbage|davinci|search-preview|search-api|gpt-3\.5-turbo-instruct)([-/_.:]|$)/i.test(
      model,
    )
  );
}

function merged(source: ListEndpoint, listed: ListedModel): ModelRow {
  const { vendor, baseUrl } = source;
  const traits = knownTraits(vendor, listed.model, baseUrl);
  // Anthropic's list does not say whether a model can be asked not to think; the table does.
  const efforts = isAnthropic(source) ? traits.efforts : undefined;
  const row = { vendor, ...traits, ...listed, ...(efforts && { efforts }) };
  const { windowTokens, maxOutputTokens } = row;
  if (windowTokens === undefined || maxOutputTokens === undefined || maxOutputTokens <= windowTokens / 2) return row;
  // To keep the whole window free for the answer would leave no room for the question.
  return { ...row, maxOutputTokens: Math.min(131_072, Math.floor(windowTokens / 4)) };
}
