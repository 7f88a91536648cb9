import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What the server does to a request, in order. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as it stands; SSE text for a stream. */
  readonly body: string;
  /** Sends the body byte by byte, each in a packet of its own. */
  readonly oneByte?: boolean;
  /** Comes first, this many times. */
  readonly before?: { readonly text: string; readonly times: number; readonly everyMs: number };
  /** How the answer ends. Default 'end'. */
  readonly end?: 'end' | 'reset' | 'stall';
}

export interface FaultServer {
  readonly url: string;
  /** Bodies of the requests that came, in order. */
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  /** Resolves with the time (performance.now) at which the client closed a request that was not answered to its end. */
  readonly closed: Promise<number>;
  /** What the next requests meet, one each; the last one stays. */
  answer(...faults: readonly Fault[]): void;
  stop(): Promise<void>;
}

/** A server that fails on purpose, in ways that a mock of a vendor does not. */
export async function startFaultServer(): Promise<FaultServer> {
  let faults: Fault[] = [];
  const requests: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let onClosed: (at: number) => void = () => undefined;
  const closed = new Promise<number>((resolve) => {
    onClosed = resolve;
  });
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString() });
      const fault = faults.length > 1 ? faults.shift() : faults[0];
      response.on('close', () => {
        if (!response.writableFinished) onClosed(performance.now());
      });
      void play(fault ?? { body: '' }, response).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    closed,
    answer: (...next) => {
      faults = [...next];
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function play(fault: Fault, response: ServerResponse): Promise<void> {
  response.writeHead(fault.status ?? 200, { 'content-type': 'text/event-stream', ...fault.headers });
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  for (let left = fault.before?.times ?? 0; left > 0 && !response.destroyed; left--) {
    response.write(fault.before?.text);
    await pause(fault.before?.everyMs ?? 0);
  }
  const body = Buffer.from(fault.body);
  if (!fault.oneByte) response.write(body);
  else
    for (let at = 0; at < body.length && !response.destroyed; at++) {
      response.write(body.subarray(at, at + 1));
      if (at % 16 === 0) await pause(0);
    }
  switch (fault.end ?? 'end') {
    case 'end':
      response.end();
      return;
    case 'reset':
      await pause(20); // What was written shall arrive.
      response.socket?.resetAndDestroy();
      return;
    case 'stall':
      return;
  }
}
