import { ConfigError } from '../../core/errors';
import type { ModelChoice, ModelRow, ReasoningEffort, VendorKind } from '../../core/protocol/models';
import type { JsonObject } from '../../core/util/json';

/** What it takes to reach a model. Comes from the user's own settings and secrets, never from a workspace. */
export interface ModelConnection {
  /** An id of `modelVendors`, for example `anthropic`. */
  readonly vendor: string;
  /** The vendor's own name of the model. */
  readonly model: string;
  readonly apiKey?: string;
  /** With the version, as in `https://api.openai.com/v1`. Default: the vendor's own. */
  readonly baseUrl?: string;
  /** Sent with every request, beside the vendor's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The nearest one that the model knows is asked for. Default: the model's own. */
  readonly effort?: ReasoningEffort;
  /** Which of OpenAI's APIs is spoken, where the vendor has both. Default: Responses at OpenAI itself, Chat Completions at any other address. */
  readonly api?: 'responses' | 'chat';
  /** Merged into the body of every request, by the vendor's own names, for example `{ "service_tier": "flex" }`. */
  readonly options?: JsonObject;
  /** What the user or the endpoint's own list says of the model; it goes before what the table of known models says. */
  readonly traits?: Partial<Omit<ModelRow, 'vendor' | 'model' | 'label'>>;
  /** Kept with the session. Default: vendor, model and effort of this connection. */
  readonly choice?: ModelChoice;
}

/** A connection with nothing left open: the vendor is known, the address checked. */
export interface ResolvedConnection extends ModelConnection {
  readonly baseUrl: string;
  /** The vendor as people know it. */
  readonly label: string;
  readonly kind: VendorKind;
}

/**
 * The address as it is used, without a slash at its end: https, or http to this machine.
 * @throws ConfigError 'invalid_value'
 */
export function checkedBaseUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url) throw unusable(text, 'is not a URL');
  if (url.username !== '' || url.password !== '') throw unusable(url.host, 'holds a user name or a password');
  const isHttps = url.protocol === 'https:';
  if (!isHttps && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw unusable(text, 'would send your code and your key unprotected');
  return url.href.replace(/\/+$/, '');
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function unusable(text: string, why: string): ConfigError {
  return new ConfigError('invalid_value', `The model endpoint "${text}" ${why}.`, {
    advice:
      'Set `countersign.endpoints` (or COUNTERSIGN_BASE_URL) to an https address, or to an http address of this machine, for example http://127.0.0.1:11434/v1; keys belong to "Countersign: Set API Key".',
  });
}
