import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CapturedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it went over the wire. */
  readonly body: string;
}

export interface CapturingProxy {
  readonly url: string;
  readonly requests: readonly CapturedRequest[];
  stop(): Promise<void>;
}

/** Stands in front of a server on this machine, passes everything on and keeps what was asked, byte for byte. */
export async function startCapturingProxy(target: string): Promise<CapturingProxy> {
  const requests: CapturedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body = Buffer.concat(pieces);
      const path = incoming.url ?? '/';
      requests.push({ path, headers: incoming.headers, body: body.toString() });
      const onward = request(new URL(path, target), { method: incoming.method, headers: incoming.headers });
      onward.on('error', () => outgoing.destroy());
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
