import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Opens a second loopback server whose address alone lets a browser into a protected host: it trades the token in its
 * URL for the host's session cookie (a cookie holds for all ports of a host name) and sends the browser on.
 * @param {import('./host.mjs').Host} host started with `isProtected`
 * @param {string} destination where to send who has the token
 * @returns {Promise<{url: string, close: () => void}>}
 */
export async function openDoor(host, destination) {
  const { sessionCookie } = host;
  if (sessionCookie === undefined) throw new Error('openDoor needs a host that was started with isProtected: true.');
  const token = randomBytes(32).toString('hex');
  const server = createServer((request, response) => {
    const given = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('token') ?? '';
    if (!isSame(given, token)) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end('Open the whole address that npm start printed.\n');
      return;
    }
    response.writeHead(302, {
      location: destination,
      'set-cookie': `${sessionCookie.name}=${sessionCookie.value}; Path=/; HttpOnly; SameSite=Lax`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/?token=${token}`, close: () => server.close() };
}

/** @param {string} given @param {string} expected */
function isSame(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
