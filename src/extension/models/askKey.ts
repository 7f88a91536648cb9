import * as vscode from 'vscode';
import type { ModelVendor } from '../../node/models/modelVendors';
import { givenForText, type Unsaved } from './models';
import { hostOf } from './vendorAddress';
import { checkedKey, defaultKeyName, type FoundKey, type VendorKeys } from './vendorKeys';
import { errorText } from '../../core/util/errorText';

export type KeyVendor = Pick<ModelVendor, 'id' | 'label' | 'keyUrl'>;

/** A key for the vendor at this address, unless the current one is for it already. @returns undefined after Escape */
export async function askMissingKey(
  vendor: KeyVendor,
  address: string | undefined,
  keys: VendorKeys,
): Promise<Unsaved | undefined> {
  const current = await keys.find(vendor.id, undefined, address);
  if (current && current.givenFor === undefined) return {};
  const names = await keys.names(vendor.id);
  const others = await Promise.all(names.map((name) => keys.find(vendor.id, name, address)));
  const kept = others.flatMap((one) => one ?? []);
  if (kept.length > 0) {
    const picked = await pickKey(vendor, address, current, kept);
    if (!picked) return undefined;
    if (picked.found) return { apiKey: picked.found.key, keyName: picked.found.name };
  }
  const keyName = freeName(names, address);
  const apiKey = (await askKey(vendor, address, keyName))?.trim();
  return apiKey === undefined || apiKey === '' ? undefined : { apiKey, keyName };
}

/** One that is kept, or a new one: then nothing is `found`. @returns undefined after Escape */
export async function pickKey(
  vendor: KeyVendor,
  address: string | undefined,
  current: FoundKey | undefined,
  kept: readonly FoundKey[],
): Promise<{ readonly found?: FoundKey } | undefined> {
  const host = address === undefined ? vendor.label : hostOf(address);
  const items: { label: string; description?: string; found?: FoundKey }[] = [
    { label: `Give a key for ${host}` },
    ...kept.map((found) => ({
      label: found.givenFor === undefined ? `Use the key "${found.name}"` : `Send the key "${found.name}" there too`,
      ...(found.givenFor !== undefined && { description: `given for ${found.givenFor}` }),
      found,
    })),
  ];
  const title = current
    ? `${givenForText(vendor.id, current)} Give one for ${host}, or send this one there too.`
    : `Which key of ${vendor.label} do you want to use?`;
  return vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
}

/** @param address where it is sent; undefined: nobody has said it yet */
export function askKey(vendor: KeyVendor, address: string | undefined, name: string): Thenable<string | undefined> {
  const where = address ?? 'the endpoint that you set';
  return vscode.window.showInputBox({
    title: `API key for ${vendor.label}`,
    prompt: `Kept in VS Code's secret storage as "${name}", sent only to ${where}.${vendor.keyUrl === undefined ? '' : ` You get one at ${vendor.keyUrl}.`}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? undefined : problemOf(() => checkedKey(value))),
  });
}

/** A key for another host does not take the place of the one that there is. */
export function freeName(names: readonly string[], address: string | undefined): string {
  return names.includes(defaultKeyName) && address !== undefined ? hostOf(address) : defaultKeyName;
}

export function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
