import type * as vscode from 'vscode';

/** API keys, one per vendor, in VS Code's SecretStorage and nowhere else. */
export interface ApiKeys {
  get(vendorId: string): Promise<string | undefined>;
  set(vendorId: string, key: string): Promise<void>;
  remove(vendorId: string): Promise<void>;
}

export function apiKeys(storage: vscode.SecretStorage): ApiKeys {
  const name = (vendorId: string): string => `countersign.apiKey.${vendorId}`;
  return {
    get: async (vendorId) => storage.get(name(vendorId)),
    set: async (vendorId, key) => storage.store(name(vendorId), key),
    remove: async (vendorId) => storage.delete(name(vendorId)),
  };
}
