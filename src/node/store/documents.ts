import { readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import type { JsonValue } from '../../core/util/json';
import { unlessFailing } from '../systemError';
import { makeFolderDurably, replaceDurably } from './durableFiles';
import { folderNameOf } from './folderNames';
import { storeFailure } from './storeFailure';

/** Small documents by name, one file each, replaced as a whole: of two writers at the same time the last one counts. */
export class Documents {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** undefined: there is none. @throws StoreError 'damaged'. */
  async read(name: string): Promise<JsonValue | undefined> {
    try {
      const text = await unlessFailing(['ENOENT'], readFile(this.#fileOf(name), 'utf8'));
      return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw storeFailure(error, `Reading the document ${name}`);
      throw new StoreError('damaged', `The document ${JSON.stringify(name)} is not JSON: ${error.message}.`, {
        advice: `Correct or remove ${this.#fileOf(name)}.`,
        cause: error,
      });
    }
  }

  /** `undefined` takes the document away. */
  async write(name: string, value: JsonValue | undefined): Promise<void> {
    try {
      if (value === undefined) {
        await rm(this.#fileOf(name), { force: true });
        return;
      }
      await makeFolderDurably(this.#folder);
      await replaceDurably(this.#fileOf(name), JSON.stringify(value));
    } catch (error) {
      throw storeFailure(error, `Writing the document ${name}`);
    }
  }

  #fileOf(name: string): string {
    return path.join(this.#folder, `${folderNameOf(name)}.json`);
  }
}
