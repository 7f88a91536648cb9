import { strict as assert } from 'node:assert';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { webFetch } from '../../../src/core/tools/webFetch';
import { LocalWeb } from '../../../src/node/web/localWeb';
import { neverAborted, refusalOf } from '../../support/refusal';
import { toolBench } from '../../support/toolBench';

describe('web_fetch', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
  const respond = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<string> =>
    serve((_request, response) => response.writeHead(200, { 'content-type': 'text/plain', ...headers }).end(body));
  const anywhere = { isAllowedAddress: (): boolean => true };
  const web = (timeLimitMs = 10_000): LocalWeb => new LocalWeb({ ...anywhere, timeLimitMs });
  const read = (url: string, signal = neverAborted): ReturnType<LocalWeb['fetch']> => web().fetch(url, signal);

  it('sends no cookie, no referrer and an honest name', async () => {
    let sent: readonly string[] = [];
    const url = await serve((request, response) => {
      sent = request.rawHeaders.filter((_value, index) => index % 2 === 0).map((name) => name.toLowerCase());
      response
        .setHeader('set-cookie', 'a=b')
        .setHeader('content-type', 'text/plain')
        .end(request.headers['user-agent']);
    });
    assert.match((await read(url)).text, /^Countersign/);
    await read(url);
    assert.deepEqual(sent.toSorted(), ['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  it('asks for the host, and shows the URL that is fetched', async () => {
    const bench = toolBench({ web: anywhere });
    const { effect, subject, floor } = await bench.plan(webFetch, { url: 'https://Exämple.org:8443/a?b#c' });
    const host = 'xn--exmple-cua.org:8443';
    assert.equal(effect, 'other');
    assert.deepEqual(subject, { kind: 'fetch', url: `https://${host}/a?b`, host, reason: '' });
    assert.deepEqual(floor?.rules, [{ kind: 'host', text: host, cwd: '' }]);
    await refusalOf('invalid_arguments', toolBench({}).plan(webFetch, { url: 'http://127.0.0.1/' }));
    await refusalOf('failed', toolBench({ web: false }).plan(webFetch, { url: 'https://github.com/' }));
  });

  it('gives a long page in parts that make the whole', async () => {
    const whole = `${'x'.repeat(49_999)}😀${'y'.repeat(60_000)}`;
    const url = await respond(whole);
    const bench = toolBench({ web: anywhere });
    let text = '';
    for (let parts = 0; parts < 3; parts++) {
      const part = await bench.data(webFetch, { url, offset: text.length });
      assert.doesNotMatch(part['text'] as string, /\p{Cs}/u);
      text += part['text'] as string;
    }
    assert.equal(text, whole);
    await refusalOf('invalid_arguments', bench.run(webFetch, { url, offset: whole.length }));
  });

  it('goes on with the page that it read, and fetches it again from the start', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`${asked}`.repeat(60_000));
    });
    const bench = toolBench({ web: anywhere });
    const textAt = async (offset: number): Promise<string> =>
      ((await bench.data(webFetch, { url, offset }))['text'] as string).slice(0, 1);
    assert.deepEqual([await textAt(0), await textAt(50_000), await textAt(1), asked], ['1', '1', '1', 1]);
    assert.deepEqual([await textAt(0), await textAt(50_000), asked], ['2', '2', 2]);
    await bench.data(webFetch, { url: `${url}other` });
    assert.equal(await textAt(1), '4');
  });

  it('follows redirects within the host, five at most', async () => {
    const url = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.writeHead(200, { 'content-type': 'text/plain' }).end('arrived');
    });
    const page = await read(`${url}5`);
    assert.deepEqual([page.text, page.url], ['arrived', `${url}0`]);
    await refusalOf('failed', read(`${url}6`));
  });

  it('does not follow to another host or port, and names it', async () => {
    let asked = false;
    const other = await serve((_request, response) => {
      asked = true;
      response.end();
    });
    const url = await serve((_request, response) => response.writeHead(301, { location: other }).end());
    const error = await refusalOf('redirected', read(url));
    assert.ok(error.message.includes(other));
    assert.equal(asked, false);
    const inward = await serve((_request, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    const strict = new LocalWeb({ isAllowedAddress: (address) => address === '127.0.0.1' });
    await refusalOf('invalid_arguments', strict.fetch(inward, neverAborted));
    const scheme = await serve((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await refusalOf('invalid_arguments', read(scheme));
  });

  it('reads 5 MB and closes the connection', async () => {
    let closed = false;
    const url = await serve((request, response) => {
      request.socket.on('close', () => (closed = true));
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(65_536), more);
      };
      more();
    });
    const { text, truncated } = await read(url);
    assert.deepEqual([text.length, truncated], [5 * 1024 * 1024, true]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(closed);
  });

  it('unpacks, but no bomb', async () => {
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const)
      assert.equal((await read(await respond(pack('packed'), { 'content-encoding': encoding }))).text, 'packed');
    const bomb = await respond(gzipSync(Buffer.alloc(300 * 1024 * 1024, 'x')), { 'content-encoding': 'gzip' });
    const before = process.memoryUsage().rss;
    const { text, truncated } = await read(bomb);
    assert.deepEqual([text.length, truncated], [5 * 1024 * 1024, true]);
    assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024);
    await refusalOf('failed', read(await respond('no gzip', { 'content-encoding': 'gzip' })));
    await refusalOf('failed', read(await respond('x', { 'content-encoding': 'zstd' })));
  }).timeout(20_000);

  it('gives a slow page up, and stops when it is told to', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await refusalOf('timeout', web(300).fetch(url, neverAborted));
    await refusalOf('timeout', web(300).fetch(await serve(() => undefined), neverAborted));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    const start = performance.now();
    await assert.rejects(read(url, stop.signal), /stopped/);
    assert.ok(performance.now() - start < 1_000);
  });

  it('refuses what is no text, with its kind and size', async () => {
    const error = await refusalOf(
      'binary',
      read(await respond('PNG', { 'content-type': 'image/png', 'content-length': '3' })),
    );
    assert.match(error.message, /"image\/png", of 3 bytes/);
  });

  it('reads the encoding from the header, the page or the byte order mark', async () => {
    const latin = Buffer.from('<meta charset="iso-8859-1"><p>Gr\xfc\xdfe', 'latin1');
    assert.equal(
      (await read(await respond(Buffer.from('Gr\xfc', 'latin1'), { 'content-type': 'text/plain; charset=latin1' })))
        .text,
      'Grü',
    );
    assert.equal((await read(await respond(latin, { 'content-type': 'text/html' }))).text, 'Grüße');
    assert.equal((await read(await respond(Buffer.from('\ufeffGrü', 'utf16le')))).text, 'Grü');
    assert.equal((await read(await respond('Grü', { 'content-type': 'text/plain; charset=nonsense' }))).text, 'Grü');
  });

  it('tells of an answer that is a failure, with its text', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page'),
    );
    const { ok, data, note } = await toolBench({ web: anywhere }).run(webFetch, { url });
    assert.equal(ok, false);
    assert.match(note ?? '', /404/);
    assert.equal((data as { text: string }).text, 'no such page');
  });

  it('says that a server cannot be reached', async () => {
    const url = await respond('x');
    servers.splice(0).forEach((server) => server.close());
    await refusalOf('failed', read(url));
  });
});
