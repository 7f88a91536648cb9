import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, in place of JSON. */
  readonly text?: string;
  /** Head and body are sent, the end never is. */
  readonly stall?: boolean;
}

export interface AskedFor {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface JsonServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly AskedFor[];
  stop(): Promise<void>;
}

/** A server on loopback that answers by path (without its query); what has no answer is a 404. */
export async function startJsonServer(
  answers: Readonly<Record<string, JsonAnswer | ((request: AskedFor) => JsonAnswer | Promise<JsonAnswer>)>>,
): Promise<JsonServer> {
  const requests: AskedFor[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const asked = { method, path: url, headers, body: Buffer.concat(pieces).toString() };
      requests.push(asked);
      const found = answers[url.split('?')[0] ?? ''] ?? { status: 404, json: { error: { message: 'no such page' } } };
      void Promise.resolve(typeof found === 'function' ? found(asked) : found).then((answer) => {
        response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
        response.write(answer.text ?? JSON.stringify(answer.json ?? {}));
        if (!answer.stall) response.end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
