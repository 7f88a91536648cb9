import type * as vscode from 'vscode';
import { ConfigError } from '../../core/errors';
import type { KeyView } from '../../core/protocol/models';

type Secrets = Pick<vscode.SecretStorage, 'keys' | 'get' | 'store' | 'delete'>;

/** What a key is called that was given without a name. */
export const defaultKeyName = 'default';

/** Until 0.1 there was one key for each vendor, without a name. */
const oldPrefix = 'countersign.apiKey.';
const prefix = 'countersign.key/';
/** Holds the name of the key that sessions use which name no other: as a secret other windows hear of it. */
const currentPrefix = 'countersign.currentKey/';

/** API keys, several for each vendor by name, in the editor's SecretStorage and nowhere else. One secret holds one key. */
export class VendorKeys {
  readonly #secrets: Secrets;
  #moved: Promise<void> | undefined;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Whether a changed secret is one of these. */
  static isKey(secretName: string): boolean {
    return [prefix, currentPrefix, oldPrefix].some((start) => secretName.startsWith(start));
  }

  /** The key of this name, else the current one; undefined where there is none. */
  async get(vendor: string, name?: string): Promise<string | undefined> {
    const wanted = name ?? (await this.currentName(vendor));
    return wanted === undefined ? undefined : this.#secrets.get(secretName(vendor, wanted));
  }

  async names(vendor: string): Promise<readonly string[]> {
    await this.#moveOld();
    const start = secretName(vendor, '');
    const stored = await this.#secrets.keys();
    return stored
      .filter((one) => one.startsWith(start))
      .map((one) => decodeURIComponent(one.slice(start.length)))
      .sort((left, right) => left.localeCompare(right));
  }

  /** What the panel may know of the keys, by vendor. */
  async allViews(): Promise<ReadonlyMap<string, readonly KeyView[]>> {
    await this.#moveOld();
    const stored = (await this.#secrets.keys()).filter((one) => one.startsWith(prefix));
    const vendors = [...new Set(stored.map((one) => decodeURIComponent(one.slice(prefix.length).split('/')[0] ?? '')))];
    const views = vendors.map(async (vendor): Promise<[string, readonly KeyView[]]> => [
      vendor,
      await this.views(vendor),
    ]);
    return new Map(await Promise.all(views));
  }

  /** What the panel may know of a vendor's keys. */
  async views(vendor: string): Promise<readonly KeyView[]> {
    const names = await this.names(vendor);
    const current = await this.#currentOf(vendor, names);
    const views = names.map(async (name) => {
      const key = await this.#secrets.get(secretName(vendor, name));
      return key === undefined ? [] : [{ name, hint: hintOf(key), current: name === current }];
    });
    return (await Promise.all(views)).flat();
  }

  async currentName(vendor: string): Promise<string | undefined> {
    return this.#currentOf(vendor, await this.names(vendor));
  }

  async #currentOf(vendor: string, names: readonly string[]): Promise<string | undefined> {
    const chosen = await this.#secrets.get(currentName(vendor));
    return chosen !== undefined && names.includes(chosen) ? chosen : names[0];
  }

  /** Keeps a key and makes it the vendor's current one. @throws ConfigError 'invalid_value', never quoting it. */
  async set(vendor: string, name: string, key: string): Promise<void> {
    await this.#moveOld();
    await this.#secrets.store(secretName(vendor, name), checkedKey(key));
    await this.#secrets.store(currentName(vendor), name);
  }

  /** @throws ConfigError 'invalid_value' for a name that is not there. */
  async use(vendor: string, name: string): Promise<void> {
    if (!(await this.names(vendor)).includes(name))
      throw new ConfigError('invalid_value', `There is no key called "${name}".`, {
        advice: 'Choose one that is listed, or enter a new one.',
      });
    await this.#secrets.store(currentName(vendor), name);
  }

  async remove(vendor: string, name: string): Promise<void> {
    await this.#moveOld();
    await this.#secrets.delete(secretName(vendor, name));
    if ((await this.#secrets.get(currentName(vendor))) === name) await this.#secrets.delete(currentName(vendor));
  }

  /** Gives keys without a name the name 'default'. One that cannot be moved stays where it is, and it is tried again. */
  #moveOld(): Promise<void> {
    this.#moved ??= this.#move().catch((error: unknown) => {
      this.#moved = undefined;
      throw error;
    });
    return this.#moved;
  }

  async #move(): Promise<void> {
    const secrets = this.#secrets;
    for (const old of (await secrets.keys()).filter((one) => one.startsWith(oldPrefix))) {
      const vendor = old.slice(oldPrefix.length);
      const key = await secrets.get(old);
      const target = secretName(vendor, defaultKeyName);
      // Another window may have moved it, and a newer key may have the name by now.
      if (key !== undefined && (await secrets.get(target)) === undefined) await secrets.store(target, key);
      await secrets.delete(old);
    }
  }
}

/** The key without blanks around it. @throws ConfigError 'invalid_value', never quoting it. */
export function checkedKey(key: string): string {
  const trimmed = key.trim();
  const problem =
    trimmed === '' ? 'is empty' : /^[\x21-\x7e]+$/.test(trimmed) ? undefined : 'holds blanks or other odd characters';
  if (problem === undefined) return trimmed;
  throw new ConfigError('invalid_value', `The key ${problem}.`, { advice: 'Copy it again, the key alone.' });
}

const currentName = (vendor: string): string => `${currentPrefix}${encodeURIComponent(vendor)}`;

function secretName(vendor: string, name: string): string {
  return `${prefix}${encodeURIComponent(vendor)}/${encodeURIComponent(name)}`;
}

/** Of a short key nothing is shown: four characters would be too much of it. */
function hintOf(key: string): string {
  return key.length >= 12 ? key.slice(-4) : '';
}
