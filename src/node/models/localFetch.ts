import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * `fetch` for servers on this machine, as far as a model's call needs it. The global one gives up when the answer does
 * not begin within five minutes, which a large model may need to be loaded, and cannot be told otherwise; a proxy, which
 * the global one knows of, is no way to this machine.
 */
export const localFetch: typeof globalThis.fetch = (input, init = {}) =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers, signal, body } = init;
    const call = request(input instanceof Request ? input.url : input, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(signal && { signal }),
    });
    call.on('error', reject);
    call.on('close', () => reject(new TypeError('fetch failed'))); // Too late to matter where there was an answer.
    call.on('response', (answer) => {
      try {
        resolve(responseOf(answer));
      } catch (error) {
        answer.destroy();
        reject(error instanceof RangeError ? new Error(`the status ${answer.statusCode}`) : (error as Error));
      }
    });
    call.end(typeof body === 'string' ? body : undefined);
  });

/** @throws RangeError for a status that no answer has. */
function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 200;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) if (typeof value === 'string') headers.set(name, value);
  const isEmpty = [204, 205, 304].includes(status);
  const response = new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>), {
    status,
    headers,
  });
  if (isEmpty) answer.resume();
  return response;
}
