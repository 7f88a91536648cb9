import { modelError } from '../../core/model/errors';
import type { ModelError } from '../../core/model/provider';
import type { JsonValue } from '../../core/util/json';
import { adviceFor, isLocal, type Endpoint } from './advice';
import { httpError, toModelError, unreadable } from './errors';
import { readFailure } from './failure';
import { redirected, someText } from './http';
import { localFetch } from './localFetch';

/** How a small JSON answer is asked for: GET, or POST where there is a body. */
export interface JsonQuestion {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

const maxBodyBytes = 4 * 1024 * 1024;

/**
 * The JSON that an endpoint answers with: at most 4 MB, and not from somewhere else (redirects are not followed).
 * @throws ModelError for everything else; the signal's reason when aborted.
 */
export async function askJson(question: JsonQuestion, endpoint: Endpoint, signal: AbortSignal): Promise<JsonValue> {
  signal.throwIfAborted();
  const call = new AbortController();
  const onAbort = (): void => call.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return parse(await answer(question, endpoint, call.signal), endpoint);
  } catch (error) {
    signal.throwIfAborted();
    throw toModelError(error, endpoint);
  } finally {
    signal.removeEventListener('abort', onAbort);
    call.abort(); // What of the answer was not read is not wanted.
  }
}

/** Work that has to be done in time. @throws ModelError 'timeout' when it is not; the signal's reason when aborted. */
export async function inTime<T>(
  timeoutMs: number,
  endpoint: Endpoint,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const patience = new AbortController();
  const onAbort = (): void => patience.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => patience.abort(tooLate(timeoutMs, endpoint)), timeoutMs);
  timer.unref();
  try {
    return await work(patience.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function answer({ url, headers, body }: JsonQuestion, endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  // A proxy, which the global one knows of, is no way to this machine.
  const fetch = isLocal(endpoint) && url.startsWith('http:') ? localFetch : globalThis.fetch;
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal,
  });
  if (response.status >= 300 && response.status < 400) throw await redirected(response, endpoint);
  if (!response.ok) throw httpError(response.status, response.headers, await someText(response), endpoint);
  return wholeText(response, endpoint);
}

async function wholeText(response: Response, endpoint: Endpoint): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  if (!response.body) return text;
  for await (const piece of response.body) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > maxBodyBytes) throw unreadable('more than 4 MB', undefined, endpoint);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string, endpoint: Endpoint): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    const { words } = readFailure(undefined, text.slice(0, 16_384), endpoint.secrets);
    throw unreadable(words === '' ? 'nothing' : words, undefined, endpoint);
  }
}

function tooLate(timeoutMs: number, endpoint: Endpoint): ModelError {
  const message = `${endpoint.label} (${endpoint.baseUrl}) did not answer in ${timeoutMs / 1000} seconds.`;
  return modelError('timeout', message, { advice: adviceFor('timeout', endpoint) });
}
