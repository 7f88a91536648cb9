import { ConfigError } from '../../core/errors';
import type { KeyView } from '../../core/protocol/models';
import type { Secrets } from './patientSecrets';
import { formatStoredKey, parseStoredKey, type StoredKey } from './storedKey';
import { hostOf, originOf } from './vendorAddress';

/** What a key is called that was given without a name. */
export const defaultKeyName = 'default';

/** Until 0.1 there was one key for each vendor, without a name. */
const oldPrefix = 'countersign.apiKey.';
/** What such a key is called when another one has the name by now. */
const oldName = 'old';
const prefix = 'countersign.key/';
/** Holds the name of the key that sessions use which name no other: as a secret other windows hear of it. */
const currentPrefix = 'countersign.currentKey/';

/** A key for an address. */
export interface FoundKey {
  readonly name: string;
  readonly key: string;
  /** The host that it was given for, where that is another one: the key must not be sent then. */
  readonly givenFor?: string;
}

/**
 * API keys, several for each vendor by name, in the editor's SecretStorage and nowhere else. One secret holds one key, with the
 * origins that it was given for: it is sent nowhere else.
 */
export class VendorKeys {
  readonly #secrets: Secrets;
  readonly #addressOf: (vendor: string) => string | undefined;
  /** Secrets of which an origin alone is written: nobody need hear of it. */
  readonly #quiet = new Set<string>();
  #moved: Promise<void> | undefined;

  /** @param addressOf where a vendor's requests go as it is set now */
  constructor(secrets: Secrets, addressOf: (vendor: string) => string | undefined) {
    this.#secrets = secrets;
    this.#addressOf = addressOf;
  }

  /** Whose key a changed secret is; undefined where it makes no difference. */
  vendorOf(secret: string): string | undefined {
    if (this.#quiet.delete(secret)) return undefined;
    const start = [prefix, currentPrefix, oldPrefix].find((one) => secret.startsWith(one));
    return start === undefined ? undefined : decodeURIComponent(secret.slice(start.length).split('/')[0] ?? '');
  }

  /** The key of this name, else the current one; undefined where there is none. @param address default: as it is set now */
  async find(vendor: string, name?: string, address = this.#addressOf(vendor)): Promise<FoundKey | undefined> {
    const wanted = name ?? (await this.currentName(vendor));
    if (wanted === undefined) return undefined;
    await this.#moveOld();
    const stored = await this.#read(vendor, wanted);
    return stored && { name: wanted, key: stored.key, ...elsewhere(stored, address) };
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
      const stored = await this.#read(vendor, name);
      if (!stored) return [];
      return [
        { name, hint: hintOf(stored.key), current: name === current, ...elsewhere(stored, this.#addressOf(vendor)) },
      ];
    });
    return (await Promise.all(views)).flat();
  }

  /** The key that is used where none is named: the chosen one, or the only one. */
  async currentName(vendor: string): Promise<string | undefined> {
    return this.#currentOf(vendor, await this.names(vendor));
  }

  /** Of several keys nobody but the user says whose account pays. */
  async #currentOf(vendor: string, names: readonly string[]): Promise<string | undefined> {
    const chosen = await this.#secrets.get(currentName(vendor));
    if (chosen !== undefined && names.includes(chosen)) return chosen;
    return names.length === 1 ? names[0] : undefined;
  }

  /**
   * Keeps a key for an address and makes it the vendor's current one. The same key again may go to its earlier addresses, too.
   * @param address default: as it is set now
   * @throws ConfigError 'invalid_value', never quoting it.
   */
  async set(vendor: string, name: string, key: string, address = this.#addressOf(vendor)): Promise<void> {
    await this.#moveOld();
    const checked = checkedKey(key);
    const before = await this.#read(vendor, name);
    await this.#store(vendor, name, { key: checked, origins: before?.key === checked ? before.origins : [] }, address);
    await this.#secrets.store(currentName(vendor), name);
  }

  /** Makes a key the current one, for the address that is set now, too. @throws ConfigError 'invalid_value' for a name that is not there. */
  async use(vendor: string, name: string): Promise<void> {
    await this.#moveOld();
    const stored = await this.#read(vendor, name);
    if (!stored)
      throw new ConfigError('invalid_value', `There is no key called "${name}".`, {
        advice: 'Choose one that is listed, or enter a new one.',
      });
    if (elsewhere(stored, this.#addressOf(vendor))) await this.#store(vendor, name, stored);
    await this.#secrets.store(currentName(vendor), name);
  }

  /** Of several others none takes its place. */
  async remove(vendor: string, name: string): Promise<void> {
    await this.#moveOld();
    await this.#secrets.delete(secretName(vendor, name));
    if ((await this.#secrets.get(currentName(vendor))) === name) await this.#secrets.delete(currentName(vendor));
  }

  /** One that was kept without an origin belongs to the address that is set when it is first read. */
  async #read(vendor: string, name: string): Promise<StoredKey | undefined> {
    const text = await this.#secrets.get(secretName(vendor, name));
    if (text === undefined) return undefined;
    const stored = parseStoredKey(text);
    const origin = originOf(this.#addressOf(vendor));
    if (stored.origins.length > 0 || origin === undefined) return stored;
    this.#quiet.add(secretName(vendor, name));
    await this.#store(vendor, name, stored);
    return { ...stored, origins: [origin] };
  }

  async #store(vendor: string, name: string, stored: StoredKey, address = this.#addressOf(vendor)): Promise<void> {
    const origin = originOf(address);
    const origins = origin === undefined ? stored.origins : [...stored.origins, origin];
    await this.#secrets.store(secretName(vendor, name), formatStoredKey({ ...stored, origins }));
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
    for (const old of (await this.#secrets.keys()).filter((one) => one.startsWith(oldPrefix))) {
      const key = await this.#secrets.get(old);
      if (key !== undefined && (await this.#isMoved(old.slice(oldPrefix.length), key))) await this.#secrets.delete(old);
    }
  }

  /** Another window may have moved it, and a newer key may have the name by now: that one stays in use. */
  async #isMoved(vendor: string, key: string): Promise<boolean> {
    for (const name of [defaultKeyName, oldName]) {
      const kept = await this.#secrets.get(secretName(vendor, name));
      if (kept !== undefined && parseStoredKey(kept).key !== key) continue;
      if (kept === undefined) await this.#store(vendor, name, { key, origins: [] });
      if (name === oldName && (await this.#secrets.get(currentName(vendor))) === undefined)
        await this.#secrets.store(currentName(vendor), defaultKeyName);
      return true;
    }
    return false;
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

function elsewhere({ origins }: StoredKey, address: string | undefined): { readonly givenFor: string } | undefined {
  const origin = originOf(address);
  const [first] = origins;
  return first === undefined || origin === undefined || origins.includes(origin)
    ? undefined
    : { givenFor: hostOf(origins.at(-1) ?? first) };
}

/** Of a short key nothing is shown: four characters would be too much of it. */
function hintOf(key: string): string {
  return key.length >= 12 ? key.slice(-4) : '';
}
