import { strict as assert } from 'node:assert';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ModelError } from '../../src/core/model/provider';
import { localFetch } from '../../src/node/models/localFetch';
import { openModel } from '../../src/node/models/providers';
import { message, readAll, request, text } from '../support/streams';

/** A server that sends whatever it is told to, which need not be HTTP, and then closes or stays silent. */
describe('A server on this machine that does not speak as it should', () => {
  let server: Server;
  let url: string;
  let answer: { readonly bytes: string; readonly end: 'close' | 'reset' | 'stay' };
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        socket.write(answer.bytes, () => {
          if (answer.end === 'close') socket.end();
          if (answer.end === 'reset') socket.resetAndDestroy();
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
  });

  const ask = async (bytes: string, end: typeof answer.end = 'close'): Promise<ModelError> => {
    answer = { bytes, end };
    const model = await openModel({ vendor: 'ollama', model: 'm', baseUrl: `${url}/v1` });
    const { error } = await readAll(
      model.stream(request([message('user', text('hello'))]), new AbortController().signal),
    );
    assert.ok(error instanceof ModelError, String(error));
    assert.notEqual(error.advice, '');
    return error;
  };

  for (const status of [600, 999, 199])
    it(`is refused with the status ${status} that it sent`, async () => {
      const error = await ask(`HTTP/1.1 ${status} Odd\r\ncontent-length: 0\r\n\r\n`);
      assert.match(
        `${error.code} ${error.message}`,
        status === 199 ? /^network/ : RegExp(`^invalid_response.*${status}`),
      );
    });

  it('has sent nothing with a 204 or a 205, whatever stands behind it', async () => {
    for (const status of [204, 205]) {
      const error = await ask(`HTTP/1.1 ${status} Empty\r\nconnection: close\r\n\r\n`);
      assert.equal(error.code, 'invalid_response', error.message);
    }
  });

  it('may want to speak something else: that is no answer', async () => {
    for (const upgrade of ['', 'connection: upgrade\r\nupgrade: websocket\r\n'])
      assert.ok(['network', 'invalid_response'].includes((await ask(`HTTP/1.1 101 Switching\r\n${upgrade}\r\n`)).code));
  });

  it('may hang up at any point', async () => {
    for (const bytes of [
      '',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\ndata: {',
      'SSH-2.0-x\r\n',
    ])
      for (const end of ['close', 'reset'] as const)
        assert.ok(['network', 'stream_cut', 'invalid_response'].includes((await ask(bytes, end)).code), bytes);
  });

  it('keeps nobody longer than the signal, however far its answer got', async () => {
    for (const bytes of [
      '',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 101 Switching\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\nda',
    ]) {
      answer = { bytes, end: 'stay' };
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('enough')), 50);
      const started = performance.now();
      await Promise.allSettled([localFetch(url, { signal: stop.signal }).then((response) => response.text())]);
      assert.ok(performance.now() - started < 250, JSON.stringify(bytes));
    }
    await assert.rejects(localFetch(url, { signal: AbortSignal.abort(new Error('before')) }));
  });
});
