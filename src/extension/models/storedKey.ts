/** A key as it is kept: behind it, after blanks, which no key holds, the origins that it may be sent to. */
export interface StoredKey {
  readonly key: string;
  /** None: it was given when there was no address yet, or kept by a version that did not ask. */
  readonly origins: readonly string[];
}

export function parseStoredKey(text: string): StoredKey {
  const [key = '', ...origins] = text.split(' ');
  return { key, origins };
}

export function formatStoredKey({ key, origins }: StoredKey): string {
  return [key, ...new Set(origins)].join(' ');
}
