import { isJsonObject, type JsonObject, type JsonValue } from '../../core/util/json';

/** What a vendor said of a failure, in whatever shape it came. */
export interface Failure {
  /** HTTP status, or the one that fits the kind of an error inside a stream. Undefined: the vendor named none. */
  readonly status: number | undefined;
  /** The vendor's own words: one line, short, without keys. */
  readonly words: string;
  /** The vendor's machine-readable names for it, joined; for telling failures apart, never shown. */
  readonly kind: string;
  /** How long the body asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

const maxWordsCharacters = 300;

/** The kind of an answer in HTML. */
export const webPage = 'web_page';

/** Reads the body of a failed answer, or the text of an error event: JSON of any of the usual shapes, HTML, or plain text. */
export function readFailure(status: number | undefined, body: string, secrets: readonly string[]): Failure {
  const json = parsed(body);
  if (json === undefined) return { status, words: tidy(wordsOfPage(body), secrets), kind: isPage(body) ? webPage : '' };
  return failureOf(json, status, secrets);
}

/** The same for an error that was parsed already. */
export function failureOf(json: JsonValue, status: number | undefined, secrets: readonly string[]): Failure {
  const root = typeof json === 'object' && json !== null && !isJsonObject(json) ? json[0] : json;
  if (typeof root === 'string') return { status, words: tidy(root, secrets), kind: '' };
  if (!isJsonObject(root)) return { status, words: '', kind: '' };
  // OpenAI's Responses wrap it a second time.
  const response = isJsonObject(root['response']) ? root['response'] : {};
  const inner = root['error'] ?? response['error'] ?? root;
  const error: JsonObject = isJsonObject(inner) ? inner : {};
  const words =
    typeof inner === 'string' ? inner : (textAt(error, 'message', 'detail') ?? textAt(root, 'message', 'detail') ?? '');
  const upstream = isJsonObject(error['metadata']) ? textAt(error['metadata'], 'raw') : undefined;
  const details = googleDetails(error);
  const kind = [error['type'], error['code'], root['code'], error['status'], ...details.names]
    .filter((name) => typeof name === 'string')
    .join(' ');
  return {
    status: status ?? statusIn(error) ?? statusOfKind(kind),
    words: tidy(upstream === undefined ? words : `${words}: ${upstream}`, secrets),
    kind,
    ...(details.retryAfterMs !== undefined && { retryAfterMs: details.retryAfterMs }),
  };
}

/** Google names the limit and the wait in a list of typed details, as in `{"retryDelay": "34s"}`. */
function googleDetails(error: JsonObject): { readonly names: readonly JsonValue[]; readonly retryAfterMs?: number } {
  const list = Array.isArray(error['details']) ? (error['details'] as readonly JsonValue[]).filter(isJsonObject) : [];
  const violations = list.flatMap((one) =>
    Array.isArray(one['violations']) ? (one['violations'] as JsonValue[]) : [],
  );
  const names = [...list.map((one) => one['reason']), ...violations.filter(isJsonObject).map((one) => one['quotaId'])];
  const delay = list.map((one) => one['retryDelay']).find((value) => typeof value === 'string');
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '')?.[1];
  return {
    names: names.filter((name) => name !== undefined),
    ...(seconds !== undefined && { retryAfterMs: Number(seconds) * 1000 }),
  };
}

/** One line of at most 300 characters with everything removed that looks like a key. */
export function tidy(text: string, secrets: readonly string[]): string {
  const line = redact(text, secrets).replace(/\s+/g, ' ').trim();
  return line.length > maxWordsCharacters ? `${line.slice(0, maxWordsCharacters)}…` : line;
}

/** Everything of a connection that must not be shown: of a header the whole value and what stands behind `Bearer`. Shorter ones than 8 characters are words. */
export function secretsOf(apiKey = '', headers: Readonly<Record<string, string>> = {}): readonly string[] {
  const values = [apiKey, ...Object.values(headers).flatMap((value) => [value, value.replace(/^\S+\s+/, '')])];
  return [...new Set(values.map((value) => value.trim()).filter((value) => value.length >= 8))];
}

/** Vendors quote wrong keys back, in full or with stars in the middle. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((one, other) => other.length - one.length)
    .reduce((left, secret) => left.split(secret).join('[key]'), text)
    .replace(/\b(?:sk|pk|gsk|xai|key|AIza)[-_]?[\w*-]*[\d*][\w*-]{6,}/g, '[key]')
    .replace(/\b(Bearer|Basic)\s+[\w.~+/*=-]{6,}/gi, '$1 [key]');
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // Not JSON: the caller reads it as a page.
  }
}

const isPage = (body: string): boolean => /<html|<!doctype/i.test(body);

function wordsOfPage(body: string): string {
  if (!isPage(body)) return body;
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1];
  return title === undefined || title.trim() === '' ? 'a web page' : `a web page titled "${title.trim()}"`;
}

function textAt(object: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
    if (value !== undefined && typeof value === 'object' && value !== null) return JSON.stringify(value);
  }
  return undefined;
}

function statusIn(error: JsonObject): number | undefined {
  return [error['statusCode'], error['status'], error['code']].find(
    (value): value is number => typeof value === 'number' && value >= 400 && value < 600,
  );
}

/** The names that vendors give to errors inside a stream, where the HTTP status was 200 already. */
function statusOfKind(kind: string): number | undefined {
  const rules: readonly (readonly [RegExp, number])[] = [
    [/overloaded/, 529],
    [/rate_?limit|too_many_requests/, 429],
    [/authentication|invalid_api_key/, 401],
    [/permission/, 403],
    [/billing|insufficient_quota/, 402],
    [/not_found/, 404],
    [/too_large|context_length/, 413],
    [/timeout/, 504],
    [/invalid_request/, 400],
    [/api_error|server_error|internal/, 500],
  ];
  return rules.find(([pattern]) => pattern.test(kind))?.[1];
}
