import { randomUUID, timingSafeEqual } from 'node:crypto';
import { chmod, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { isJsonObject } from '../../core/util/json';
import { unlessFailing } from '../systemError';

/** 'alive': only whether somebody is there. 'handOver': whether the session's lease may be taken; true: it was released. */
export interface ChannelRequest {
  readonly ask: 'alive' | 'handOver';
  readonly agentId: string;
}

/** Where the other windows of this user can ask the one that holds a session. Keeps no process alive. */
export interface LeaseChannel {
  /** A socket's path or a named pipe. */
  readonly address: string;
  close(): Promise<void>;
}

/** undefined: nothing can be opened here; the heartbeat alone speaks for the holder then. */
export async function openLeaseChannel(
  token: string,
  answer: (request: ChannelRequest) => Promise<boolean>,
): Promise<LeaseChannel | undefined> {
  const address = await newAddress();
  if (address === undefined) return undefined;
  const server = createServer((socket) => serve(socket, token, answer));
  if (!(await isListening(server, address))) {
    await removeChannel(address);
    return undefined;
  }
  server.unref();
  if (process.platform !== 'win32') await chmod(address, 0o600);
  return {
    address,
    close: async () => {
      server.close();
      await removeChannel(address);
    },
  };
}

/** The holder's answer; undefined: nobody answers. Takes at most `timeoutMs`. */
export async function askChannel(
  address: string,
  token: string,
  request: ChannelRequest,
  timeoutMs: number,
): Promise<boolean | undefined> {
  const socket = connect(address);
  socket.setTimeout(timeoutMs);
  const limit = setTimeout(() => socket.destroy(), timeoutMs);
  try {
    socket.write(`${JSON.stringify({ ...request, token })}\n`);
    const line = await firstLine(socket);
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) && typeof value['answer'] === 'boolean' ? value['answer'] : undefined;
  } catch {
    // Nobody listens, or what listens there is no holder.
    return undefined;
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}

/** Takes away what a channel left behind whose process is dead. Nothing else, whatever the address says. */
export async function removeChannel(address: string): Promise<void> {
  const folder = path.dirname(address);
  if (process.platform === 'win32' || path.basename(address) !== socketName) return;
  if (!path.basename(folder).startsWith(folderPrefix) || !roots().includes(path.dirname(folder))) return;
  const gone = ['ENOENT', 'EACCES', 'EPERM', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR'];
  await unlessFailing(gone, rm(address));
  await unlessFailing(gone, rmdir(folder));
}

const folderPrefix = 'countersign-';
const socketName = 'lease';
/** The longest path that macOS takes for a socket is 103 bytes, Linux 107. */
const maxAddressBytes = 100;
const maxRequestCharacters = 4_096;
const requestTimeoutMs = 5_000;

const roots = (): readonly string[] => [tmpdir(), '/tmp'];

/** In a new folder that only this user can enter: between its making and `chmod` a socket would be open to others. */
async function newAddress(): Promise<string | undefined> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\countersign-${randomUUID()}`;
  for (const root of roots()) {
    const folder = path.join(root, folderPrefix);
    if (Buffer.byteLength(path.join(`${folder}XXXXXX`, socketName)) > maxAddressBytes) continue;
    const made = await unlessFailing(['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR'], mkdtemp(folder));
    if (made !== undefined) return path.join(made, socketName);
  }
  return undefined;
}

async function isListening(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    // It stays on: a failure later on leaves the heartbeat to speak for the holder.
    server.on('error', () => {
      resolve(false);
    });
    server.listen(address, () => {
      resolve(true);
    });
  });
}

function serve(socket: Socket, token: string, answer: (request: ChannelRequest) => Promise<boolean>): void {
  socket.unref();
  socket.setTimeout(requestTimeoutMs, () => socket.destroy());
  const work = async (): Promise<void> => {
    const request = parseRequest(await firstLine(socket), token);
    if (request) socket.end(`${JSON.stringify({ answer: await answer(request) })}\n`);
    else socket.destroy();
  };
  // A failed answer is none: who asks does not take the session then.
  work().catch(() => socket.destroy());
}

function parseRequest(line: string, token: string): ChannelRequest | undefined {
  const value: unknown = JSON.parse(line);
  if (!isJsonObject(value) || typeof value['token'] !== 'string' || !isEqual(value['token'], token)) return undefined;
  const { ask, agentId } = value;
  return (ask === 'alive' || ask === 'handOver') && typeof agentId === 'string' ? { ask, agentId } : undefined;
}

function isEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** @throws Error when the connection ends before, or sends too much. */
async function firstLine(socket: Socket): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const fail = (error?: Error): void => {
      reject(error ?? new Error('The connection ended without a line.'));
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > maxRequestCharacters) fail();
    });
    // It stays on: who asked may go away while the answer is on its way.
    socket.on('error', fail);
    socket.once('close', () => {
      fail();
    });
  });
}
