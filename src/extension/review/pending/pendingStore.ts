import { readFile, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { makeFolderDurably, replaceDurably } from '../../../node/store/durableFiles';
import { folderNameOf } from '../../../node/store/folderNames';
import { storeFailure } from '../../../node/store/storeFailure';
import { namesIn } from '../../../node/store/storeLayout';
import { unlessFailing } from '../../../node/systemError';
import { Turns } from '../../../core/util/turns';
import { parseRecord, recordText, type FileRecord } from './fileRecord';
import { recordEnding } from './pendingFolder';

/** What another window has made of a file, 'gone' where it was decided; undefined: nothing is new. */
export type News = FileRecord | 'gone' | undefined;

/**
 * What is pending in one workspace: a folder with one document for each file. No document is shared by two files, and the
 * listing is the index, so two windows on the same folder never write over each other's files. Nobody writes over what they have
 * not read: who gets news instead goes on from what the other one wrote.
 */
export class PendingStore {
  readonly #folder: string;
  readonly #onDamage: (message: string) => void;
  readonly #turns = new Turns();
  /** What the documents looked like when they were last read or written here. */
  readonly #stamps = new Map<string, string>();

  /** `onDamage` hears, in words for people, of documents that were set aside because nobody can read them. */
  constructor(folder: string, onDamage: (message: string) => void) {
    this.#folder = folder;
    this.#onDamage = onDamage;
  }

  /** What has come or changed since it was last read or written here, in the order in which it became pending. @throws StoreError. */
  async readNew(): Promise<readonly FileRecord[]> {
    return this.#inTurn('Reading what is pending', async () => {
      const records: FileRecord[] = [];
      for (const name of (await namesIn(this.#folder)).filter((one) => one.endsWith(recordEnding))) {
        if ((await this.#stampOf(name)) === this.#stamps.get(name)) continue;
        const record = await this.#read(name);
        if (record) records.push(record);
      }
      return records.sort((left, right) => left.since - right.since);
    });
  }

  /** What another window has made of a file since. @throws StoreError. */
  async news(file: string): Promise<News> {
    return this.#inTurn('Reading what is pending', () => this.#news(nameOf(file)));
  }

  /** Resolves once it would survive a crash. With news of the file nothing is written. @throws StoreError. */
  async write(record: FileRecord): Promise<News> {
    return this.#inTurn('Keeping what is pending', async () => {
      const name = nameOf(record.path);
      const news = await this.#news(name);
      if (news !== undefined) return news;
      const text = Buffer.from(recordText(record));
      await makeFolderDurably(this.#folder);
      await replaceDurably(path.join(this.#folder, name), text);
      await this.#noteStamp(name, text.byteLength);
      return undefined;
    });
  }

  /** With news of the file it stays. @throws StoreError. */
  async remove(file: string): Promise<News> {
    return this.#inTurn('Forgetting what was pending', async () => {
      const news = await this.#news(nameOf(file));
      if (news !== undefined) return news;
      await rm(path.join(this.#folder, nameOf(file)), { force: true });
      this.#stamps.delete(nameOf(file));
      return undefined;
    });
  }

  async #news(name: string): Promise<News> {
    const stamp = await this.#stampOf(name);
    if (stamp === this.#stamps.get(name)) return undefined;
    if (stamp !== undefined) return this.#read(name);
    this.#stamps.delete(name);
    return 'gone';
  }

  /** Undefined: it was set aside. */
  async #read(name: string): Promise<FileRecord | undefined> {
    const file = path.join(this.#folder, name);
    await this.#noteStamp(name);
    const text = await unlessFailing(['ENOENT'], readFile(file, 'utf8'));
    if (text === undefined) return undefined;
    const record = parseRecord(jsonOf(text));
    if (record && nameOf(record.path) === name) return record;
    this.#stamps.delete(name);
    await rename(file, `${file}${asideEnding}`);
    const display = /"display":("(?:[^"\\]|\\.){1,300}")/.exec(text)?.[1] ?? 'a file';
    this.#onDamage(
      `What was pending in ${display} cannot be read. Its edits stay as they are, unreviewed; the damaged note is at ${file}${asideEnding}.`,
    );
    return undefined;
  }

  /** @param size of what was written; where another window was faster it is news. */
  async #noteStamp(name: string, size?: number): Promise<void> {
    const stamp = await this.#stampOf(name);
    if (size !== undefined && stamp?.endsWith(`:${size}`) !== true) return;
    if (stamp === undefined) this.#stamps.delete(name);
    else this.#stamps.set(name, stamp);
  }

  /** Documents are replaced as a whole: each is a file of its own. */
  async #stampOf(name: string): Promise<string | undefined> {
    const found = await unlessFailing(['ENOENT'], stat(path.join(this.#folder, name), { bigint: true }));
    return found && `${found.ino}:${found.mtimeNs}:${found.size}`;
  }

  async #inTurn<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#turns.take(work);
    } catch (error) {
      throw storeFailure(error, what);
    }
  }
}

const asideEnding = '.damaged';

function nameOf(file: string): string {
  return `${folderNameOf(file)}${recordEnding}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
