import { createHash } from 'node:crypto';
import { open, readFile, utimes } from 'node:fs/promises';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import type { Message } from '../../core/protocol/messages';
import { systemCodeOf, unlessFailing } from '../systemError';
import { makeFolderDurably, replaceDurably } from './durableFiles';
import { syncFolder } from './historyFile';

/** The name of a session's list of the blobs that its history refers to: one hash a line, never shortened. */
export const referencesName = 'blobs.txt';

/**
 * Large messages as immutable files named after their content, shared by all sessions of a store. The order makes them
 * safe against a sweep at the same time and against a power cut: the reference, the blob, then the commit.
 */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The messages as they are to be committed: large ones are now blobs, with a stub in their place. Durable when it returns. */
  async takeOut(messages: readonly Message[], sessionFolder: string): Promise<readonly Message[]> {
    const texts = messages.map((message) => JSON.stringify(message));
    const large = texts.flatMap((text, index) => (isLarge(text, messages[index]) ? [{ text, index }] : []));
    if (large.length === 0) return messages;
    const hashes = new Map(large.map(({ text, index }) => [index, hashOf(text)]));
    await appendReferences(sessionFolder, [...hashes.values()]);
    await makeFolderDurably(this.#folder);
    for (const { text, index } of large) await this.#write(hashes.get(index) ?? hashOf(text), text);
    return messages.map((message, index): Message => {
      const sha256 = hashes.get(index);
      if (sha256 === undefined) return message;
      const { id, role, createdAt, metadata } = message;
      const stub: Stub = { id, role, content: [], createdAt, ...(metadata && { metadata }), blob: { sha256 } };
      return stub;
    });
  }

  /** The messages as they were given to `takeOut`. @throws StoreError 'damaged' naming the blob that is missing or not itself. */
  async putBack(messages: readonly Message[]): Promise<readonly Message[]> {
    if (!messages.some(isStub)) return messages;
    const whole: Message[] = [];
    for (const message of messages) whole.push(isStub(message) ? await this.#read(message) : message);
    return Object.freeze(whole);
  }

  async #write(sha256: string, text: string): Promise<void> {
    const file = path.join(this.#folder, sha256);
    try {
      // Used again: a young blob is not swept away.
      const now = new Date();
      await utimes(file, now, now);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      await replaceDurably(file, text);
    }
  }

  async #read(stub: Stub): Promise<Message> {
    const { sha256 } = stub.blob;
    const damaged = (what: string, cause?: unknown): StoreError =>
      new StoreError('damaged', `The blob ${JSON.stringify(sha256)} of the message ${stub.id} ${what}.`, {
        advice: 'Salvage the session: everything but this message can be read.',
        cause,
      });
    if (!isHash(sha256)) throw damaged('has no usable name');
    try {
      const file = path.join(this.#folder, sha256);
      // A sweep that has put it out of the way for a moment will bring it back.
      const text =
        (await unlessFailing(['ENOENT'], readFile(file, 'utf8'))) ??
        (await readFile(`${file}${condemnedEnding}`, 'utf8'));
      if (hashOf(text) !== sha256) throw damaged('is not what was stored');
      return JSON.parse(text) as Message;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') throw damaged('is missing', error);
      throw error;
    }
  }
}

export const isHash = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

/** Of a blob that a sweep found no reference to and looks for once more. */
export const condemnedEnding = '.condemned';

/** What stands in the history instead of a large message. */
interface Stub extends Message {
  readonly blob: { readonly sha256: string };
}

const largeCharacters = 16 * 1024;

function isStub(message: Message): message is Stub {
  return 'blob' in message;
}

/** What looks like a stub goes into a blob too, so that no message can pass for one. */
function isLarge(text: string, message: Message | undefined): boolean {
  return text.length > largeCharacters || (message !== undefined && isStub(message));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function appendReferences(sessionFolder: string, hashes: readonly string[]): Promise<void> {
  const handle = await open(path.join(sessionFolder, referencesName), 'a', 0o600);
  try {
    const isNew = (await handle.stat()).size === 0;
    // What a power cut left of the line before does not run into the new one.
    await handle.appendFile(`\n${hashes.join('\n')}\n`);
    await handle.datasync();
    if (isNew) await syncFolder(sessionFolder);
  } finally {
    await handle.close();
  }
}
