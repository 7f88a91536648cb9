import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { askServer, checkName } from '../../src/node/web/askServer';
import { LocalWeb } from '../../src/node/web/localWeb';
import { isPublicAddress } from '../../src/node/web/publicAddress';
import { neverAborted, refusalOf } from '../support/refusal';

describe('attack: pages of this machine and its network', () => {
  const web = new LocalWeb();
  const refused = (url: string): Promise<unknown> => refusalOf('invalid_arguments', web.fetch(url, neverAborted));

  const urls = [
    ...['http://localhost/', 'http://LOCALHOST./', 'http://foo.localhost', 'http://printer.local', 'http://intranet/'],
    ...['http://metadata.google.internal/', 'http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0/'],
    ...['http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.0.0.1./', 'http://①②⑦.0.0.1/', 'http://0x7f000001:8080/'],
    ...['http://169.254.169.254/latest/meta-data', 'http://2852039166/', 'http://10.1.2.3', 'http://172.31.0.1'],
    ...['http://192.168.0.1', 'http://100.64.0.1', 'http://224.0.0.1', 'http://255.255.255.255', 'http://198.18.0.1'],
    ...[
      'http://[::]/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:7f00:1]',
      'http://[::127.0.0.1]',
    ],
    ...['http://[fc00::1]', 'http://[fd12::1]', 'http://[fe80::1]', 'http://[ff02::1]', 'http://[64:ff9b::7f00:1]'],
    ...['http://[64:ff9b:1::a00:1]', 'http://[2002:7f00:1::]', 'http://[2001:0:1::1]', 'http://[2001:db8::1]'],
    ...['file:///etc/passwd', 'ftp://example.com/', 'data:text/html,x', 'javascript:alert(1)', 'gopher://example.com'],
    ...[
      'https://user:secret@github.com/',
      'https://:secret@github.com',
      'http://github.com:22/',
      'https://github.com:25/',
    ],
    ...[
      'not a url',
      '//github.com/',
      'https://',
      'http://[::1%25eth0]/',
      'http://host.docker.internal/',
      'http://a.home.arpa',
    ],
  ];
  for (const url of urls) it(`refuses ${url}`, () => refused(url));

  it('repeats no password', async () => {
    const error = await refusalOf('invalid_arguments', web.fetch('https://user:hunter2@github.com/', neverAborted));
    assert.ok(!`${error.message}${error.advice}`.includes('hunter2'));
  });

  it('knows public addresses', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '172.32.0.1',
      '2606:4700::1111',
      '64:ff9b::808:808',
      '64:ff9b::8.8.8.8',
    ])
      assert.ok(isPublicAddress(address), address);
    for (const address of [
      'fe80::1%eth0',
      '2606:4700::1%eth0',
      '64:ff9b::',
      '64:ff9b::1',
      '',
      'github.com',
      '1.1.1',
      '::ffff:8.8.8.8',
    ])
      assert.ok(!isPublicAddress(address), address);
  });

  it('refuses every private IPv4 address in every spelling', () => {
    const nets = fc.constantFrom(
      [127, 8],
      [10, 8],
      [0, 8],
      [169 * 256 + 254, 16],
      [192 * 256 + 168, 16],
      [14, 4],
      [15, 4],
    );
    const spell = fc.constantFrom(
      (bytes: readonly number[]) => bytes.join('.'),
      (bytes: readonly number[]) => String(bytes.reduce((sum, byte) => sum * 256 + byte, 0)),
      (bytes: readonly number[]) => `0x${bytes.reduce((sum, byte) => sum * 256 + byte, 0).toString(16)}`,
      (bytes: readonly number[]) => bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
      (bytes: readonly number[]) => bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
      (bytes: readonly number[]) => `${bytes[0]}.${((bytes[1] ?? 0) * 256 + (bytes[2] ?? 0)) * 256 + (bytes[3] ?? 0)}`,
      (bytes: readonly number[]) => `[::ffff:${bytes.join('.')}]`,
      (bytes: readonly number[]) => `[64:ff9b::${bytes.join('.')}]`,
      (bytes: readonly number[]) => `${bytes.join('.')}.`,
    );
    fc.assert(
      fc.property(nets, fc.integer({ min: 0, max: 2 ** 28 - 1 }), spell, ([net = 0, bits = 8], rest, spelled) => {
        const whole = net * 2 ** (32 - bits) + (rest % 2 ** (32 - bits));
        const bytes = [24, 16, 8, 0].map((shift) => Math.floor(whole / 2 ** shift) % 256);
        assert.throws(() => web.check(`http://${spelled(bytes)}/`), /no public address/, bytes.join('.'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads any text as a URL or refuses it, with nothing else thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `http://${text}`),
        ),
        (text) => {
          try {
            const { url, host } = web.check(text);
            assert.equal(web.check(url).url, url);
            assert.ok(url.startsWith(host.startsWith('http://') ? host : `https://${host}`));
          } catch (error) {
            assert.match(String(error), /^ToolError/);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('shows hosts of other alphabets in ASCII, and one name in one way', () => {
    assert.deepEqual(web.check('https://аpple.com/#top'), {
      url: 'https://xn--pple-43d.com/',
      host: 'xn--pple-43d.com',
    });
    assert.equal(web.check('https://GitHub.com.:443/a').host, 'github.com');
    assert.equal(web.check('http://github.com:8080').host, 'http://github.com:8080');
  });

  it('checks the address that is connected to, not only the one that was resolved before', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('secret');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    // The text of the URL was checked long ago; what counts is the address at the moment of connecting.
    const url = new URL(`http://localhost:${port}/`);
    const { signal } = new AbortController();
    await refusalOf('invalid_arguments', askServer(url, isPublicAddress, signal));
    await refusalOf('invalid_arguments', checkName(url, isPublicAddress, signal));
    assert.equal(asked, 0);
    (await askServer(url, () => true, signal)).destroy();
    assert.equal(asked, 1);
    server.close();
  });
});
