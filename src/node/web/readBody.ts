import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ToolError } from '../../core/errors';

const maxBytes = 5 * 1024 * 1024;

/**
 * The body of an answer, unpacked, up to 5 MB; the rest is not fetched. A page that unpacks to more than that is cut there
 * while it is unpacked, so that a small one cannot fill the memory.
 * @throws ToolError 'binary' for what is no text, before it is read; what broke it off.
 */
export async function readBody(
  answer: IncomingMessage,
  url: URL,
  signal: AbortSignal,
): Promise<{ readonly bytes: Buffer; readonly truncated: boolean }> {
  const { 'content-type': type = '', 'content-length': length } = answer.headers;
  if (!isText(type)) throw notText(url, type, length);
  const chunks: Buffer[] = [];
  let total = 0;
  const body: AsyncIterable<Buffer> = unpacked(answer, url);
  for await (const chunk of body) {
    signal.throwIfAborted();
    chunks.push(chunk.subarray(0, maxBytes - total));
    total += chunk.length;
    // Leaving the loop ends the stream and with it the connection.
    if (total > maxBytes) return { bytes: Buffer.concat(chunks), truncated: true };
  }
  return { bytes: Buffer.concat(chunks), truncated: false };
}

function unpacked(answer: IncomingMessage, url: URL): Readable {
  const encoding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return answer;
  const unpack = unpackers.get(encoding);
  if (!unpack)
    throw new ToolError('failed', `${url.href} is packed as ${JSON.stringify(encoding.slice(0, 50))}.`, {
      advice: 'That cannot be unpacked. Read another page.',
    });
  // A failure of either side reaches whoever reads.
  return pipeline(answer, unpack(), () => undefined);
}

const unpackers = new Map<string, () => Transform>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
]);

/** No type at all is taken for text: what it is shows when it is read. */
function isText(contentType: string): boolean {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    type === '' ||
    /^text\/|^application\/(json|xml|javascript|ecmascript|yaml|x-yaml|toml|x-sh|x-ndjson|graphql)$|\+(json|xml|yaml)$/.test(
      type,
    )
  );
}

function notText(url: URL, type: string, length: string | undefined): ToolError {
  const size = length === undefined ? 'of unknown size' : `of ${length} bytes`;
  return new ToolError('binary', `${url.href} is no text: ${JSON.stringify(type.slice(0, 100))}, ${size}.`, {
    advice: 'Only text, HTML, JSON and XML are read. A download needs a command that the user allows.',
  });
}
