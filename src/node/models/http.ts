import type { ModelError } from '../../core/model/provider';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/util/json';
import type { Endpoint } from './advice';
import { httpError, unreadable } from './errors';
import { readFailure } from './failure';

/** The text that is read of an answer that is not a stream; the rest is of no use to anybody. */
const maxBodyBytes = 16_384;

export interface FetchOptions {
  readonly endpoint: Endpoint;
  /** Merged into the body of each request. */
  readonly body?: JsonObject | undefined;
  /** Called whenever something of an answer comes. */
  readonly onBytes: () => void;
  /** Default: the global one, looked up at each call: VS Code puts one in its place that knows the user's proxy. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * `fetch` that answers only with what can be a stream of a model. Redirects are not followed: they would carry key and
 * code to an address that nobody chose.
 * @throws ModelError for every other answer.
 */
export function streamingFetch({ endpoint, body: more, onBytes, fetch }: FetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const body = more && typeof init?.body === 'string' ? withOptions(init.body, more) : init?.body;
    const response = await (fetch ?? globalThis.fetch)(input, { ...init, ...(body && { body }), redirect: 'manual' });
    onBytes();
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (response.status >= 300 && response.status < 400) throw await redirected(response, endpoint);
    if (!response.ok) throw httpError(response.status, response.headers, await someText(response), endpoint);
    if (type === 'text/html' || type === 'application/json') throw notAStream(type, await someText(response), endpoint);
    return listenedTo(response, onBytes);
  };
}

function listenedTo(response: Response, onBytes: () => void): Response {
  const ear = new TransformStream<Uint8Array, Uint8Array>({
    transform: (piece, controller) => {
      onBytes();
      controller.enqueue(piece);
    },
  });
  return new Response(response.body?.pipeThrough(ear) ?? null, { status: response.status, headers: response.headers });
}

function withOptions(body: string, options: JsonObject): string {
  return JSON.stringify(merged(JSON.parse(body) as JsonValue, options));
}

/** Objects are merged at every depth; anything else of `over` replaces what is there. */
function merged(under: JsonValue | undefined, over: JsonObject): JsonObject {
  const kept: JsonObject = isJsonObject(under) ? under : {};
  const laid = Object.entries(over).map(([name, value]) => [
    name,
    isJsonObject(value) ? merged(kept[name], value) : value,
  ]);
  return Object.fromEntries([...Object.entries(kept), ...laid]) as JsonObject;
}

/** The failure of an answer that leads elsewhere. Its body is not read. */
export async function redirected(response: Response, endpoint: Endpoint): Promise<ModelError> {
  await response.body?.cancel();
  return unreadable(`a redirect to ${response.headers.get('location') ?? 'nowhere'}`, undefined, endpoint);
}

function notAStream(type: string, body: string, endpoint: Endpoint): ModelError {
  const failure = readFailure(undefined, body, endpoint.secrets);
  if (failure.status !== undefined) return httpError(failure.status, new Headers(), body, endpoint);
  return unreadable(failure.words === '' ? type : failure.words, undefined, endpoint);
}

/** The start of an answer's text, as far as it came. */
export async function someText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  if (!response.body) return text;
  try {
    for await (const piece of response.body) {
      sizeBytes += piece.byteLength;
      text += decoder.decode(piece, { stream: true });
      if (sizeBytes >= maxBodyBytes) break;
    }
  } catch {
    return text; // The status says enough; the words broke off.
  }
  return text;
}
