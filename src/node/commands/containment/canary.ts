import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import * as path from 'node:path';

/** What the canary reached. Seen from outside of the sandbox, not by its own word. */
export interface CanaryFindings {
  /** It could write where commands have to. Without that nothing is proven. */
  readonly wroteInside: boolean;
  readonly wroteOutside: boolean;
  readonly wroteProtected: boolean;
  readonly readSecret: boolean;
  readonly reachedHost: boolean;
  readonly reachedNameServer: boolean;
  readonly reachedUnixSocket: boolean;
  /** What it printed, when it did not even write where it may. */
  readonly output: string;
}

export interface CanaryPorts {
  /** The folders of the workspace that the user can write to. */
  readonly roots: readonly string[];
  readonly temporary: string;
  /** A folder that commands may not change. */
  readonly outside: string;
  /** Where the user's own files lie. */
  readonly home: string;
  /** Runs the program with one argument inside the sandbox, where these two files are protected and hidden. @returns what it printed. */
  readonly run: (
    program: string,
    argument: string,
    extra: { readonly protect: readonly string[]; readonly hide: readonly string[] },
  ) => Promise<string>;
}

/** Lets a program inside the sandbox try all that it must not be able to do. Leaves nothing behind. */
export async function sendCanary({ roots, temporary, outside, home, run }: CanaryPorts): Promise<CanaryFindings> {
  const word = randomBytes(12).toString('hex');
  const name = `.countersign-canary-${word}`;
  const inside = [...roots, temporary].map((folder) => path.join(folder, name));
  const beyond = [outside, home].map((folder) => path.join(folder, name));
  const guarded = { protect: path.join(temporary, `protected-${word}`), hide: path.join(temporary, `secret-${word}`) };
  const secret = randomBytes(12).toString('hex');
  for (const file of Object.values(guarded)) writeFileSync(file, secret);
  const baits = await openBaits(path.join(outside, 'bait'));
  const errand = { inside, beyond, protect: guarded.protect, hide: guarded.hide, word };
  try {
    const argument = Buffer.from(JSON.stringify({ ...errand, ...baits.places })).toString('base64');
    const output = await run(program, argument, { protect: [guarded.protect], hide: [guarded.hide] });
    return {
      wroteInside: inside.every((file) => existsSync(file) && readFileSync(file, 'utf8') === errand.word),
      wroteOutside: beyond.some((file) => existsSync(file)),
      wroteProtected: readFileSync(guarded.protect, 'utf8') !== secret,
      readSecret: output.includes(secret),
      ...baits.reached(),
      output,
    };
  } finally {
    baits.close();
    for (const file of [...inside, ...beyond, ...Object.values(guarded)]) rmSync(file, { force: true });
  }
}

/** Runs inside: writes the word and prints what it reads. Without single quotes, for the shell. */
const program = `
const fs = require("fs"), net = require("net"), dgram = require("dgram");
const errand = JSON.parse(Buffer.from(process.argv[1], "base64"));
const attempt = (work) => { try { work(); } catch (error) { console.log(String(error)); } };
for (const file of [...errand.inside, ...errand.beyond, errand.protect]) attempt(() => fs.writeFileSync(file, errand.word));
attempt(() => console.log(fs.readFileSync(errand.hide, "utf8")));
const proxy = new URL(process.env.HTTP_PROXY || "http://localhost:1");
const hello = (place, text) => attempt(() => {
  const socket = net.connect(place, () => socket.write(text));
  socket.on("error", () => {}).on("data", () => socket.destroy());
});
hello({ host: "127.0.0.1", port: errand.port }, "hello");
hello({ path: errand.socket }, "hello");
const login = Buffer.from(decodeURIComponent(proxy.username) + ":" + decodeURIComponent(proxy.password)).toString("base64");
hello({ host: proxy.hostname, port: Number(proxy.port) }, "CONNECT 127.0.0.1:" + errand.port + " HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nProxy-Authorization: Basic " + login + "\\r\\n\\r\\n");
attempt(() => { const asked = dgram.createSocket("udp4"); asked.on("error", () => {}); asked.send("hello", errand.namePort, "127.0.0.1", () => {}); });
setTimeout(() => process.exit(0), 150);
`;

interface Baits {
  readonly places: { readonly port: number; readonly namePort: number; readonly socket: string };
  reached(): Pick<CanaryFindings, 'reachedHost' | 'reachedNameServer' | 'reachedUnixSocket'>;
  close(): void;
}

async function openBaits(socketFile: string): Promise<Baits> {
  const host = await openServer(0);
  const local = await openServer(socketFile);
  const names = createSocket('udp4').unref();
  let asked = 0;
  names.on('message', () => (asked += 1));
  names.bind(0, '127.0.0.1');
  await once(names, 'listening');
  return {
    places: { port: portOf(host.server), namePort: names.address().port, socket: socketFile },
    reached: () => ({
      reachedHost: host.visitors() > 0,
      reachedNameServer: asked > 0,
      reachedUnixSocket: local.visitors() > 0,
    }),
    close: () => closeAll(host.server, local.server, names),
  };
}

async function openServer(
  place: number | string,
): Promise<{ readonly server: Server; readonly visitors: () => number }> {
  let visitors = 0;
  const server = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  }).unref();
  if (typeof place === 'string') server.listen(place);
  else server.listen(place, '127.0.0.1');
  await once(server, 'listening');
  return { server, visitors: () => visitors };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closeAll(host: Server, local: Server, names: Socket): void {
  host.close();
  local.close();
  names.close();
}
