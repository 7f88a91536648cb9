import { ConfigError } from '../../core/errors';
import { modelError } from '../../core/model/errors';
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
 * @throws ConfigError 'invalid_value' that quotes no more than the host of what may hold a secret.
 */
export function checkedBaseUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url) throw unusable(text.replace(/[?#].*$/s, ''), 'is not a URL');
  if (url.username !== '' || url.password !== '') throw unusable(url.host, 'holds a user name or a password');
  if (/[?#]/.test(url.href))
    throw unusable(
      url.host,
      'holds a "?" or a "#"',
      `Give it without what stands behind these: ${plainForm(url)}. ${keysElsewhere}`,
    );
  const isHttps = url.protocol === 'https:';
  if (!isHttps && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw unusable(text, 'would send your code and your key unprotected', waysTo(url));
  return url.href.replace(/\/+$/, '');
}

/** To a server that speaks http only, elsewhere than here. */
function waysTo({ protocol, hostname, port, pathname }: URL): string | undefined {
  if (protocol !== 'http:') return undefined;
  const here = port || '8080';
  return `Give the server an https address, or lead a port of this machine to it with \`ssh -L ${here}:localhost:${port || '80'} ${hostname}\` and use http://127.0.0.1:${here}${pathname.replace(/\/+$/, '')}.`;
}

/** What was meant, as far as it can be told: people paste the address of a single request. */
function plainForm({ origin, pathname }: URL): string {
  const isAzure = /\/openai\/deployments\//.test(pathname);
  return `${origin}${isAzure ? '/openai/v1' : pathname.replace(/\/(chat\/completions|responses|messages|models)?\/*$/, '')}`;
}

/**
 * The user's own headers.
 * @throws ConfigError 'invalid_value' naming the first header that cannot be sent, without its value.
 */
export function checkedHeaders(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      throw new ConfigError('invalid_value', `The header ${JSON.stringify(name)} of a model endpoint cannot be sent.`, {
        advice:
          'Give it without line breaks and with plain letters only. In VS Code it stands in the setting `countersign.headers`.',
      });
    }
  }
  return headers;
}

/**
 * The key without the blanks that were pasted with it; empty where there is none.
 * @throws ModelError 'authentication', without the key, for characters that cannot be sent.
 */
export function checkedKey(text: string | undefined, label: string): string {
  const key = text?.trim() ?? '';
  if (/^[\x20-\x7e]*$/.test(key)) return key;
  throw modelError('authentication', `The key of ${label} holds a character that no key has.`, {
    advice:
      'Copy it again, without what surrounds it. In VS Code it is set with the command "Countersign: Set API Key".',
  });
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const keysElsewhere = 'Keys go into `apiKey` or the vendor\'s variable; in VS Code: "Countersign: Set API Key".';

function unusable(text: string, why: string, wayOut?: string): ConfigError {
  const advice = `Set \`countersign.endpoints\` (or COUNTERSIGN_BASE_URL) to an https address, or to an http address of this machine, for example http://127.0.0.1:11434/v1. ${keysElsewhere}`;
  return new ConfigError('invalid_value', `The model endpoint "${text}" ${why}.`, { advice: wayOut ?? advice });
}
