/** What files held before an agent changed them, by content. Names are SHA-256, in hexadecimal digits. */
export interface CheckpointBlobs {
  /** Keeps bytes, once for all who have the same. Resolves with their name once a crash would not take them back. @throws StoreError 'disk_full' | 'io'. */
  put(bytes: Uint8Array): Promise<string>;
  /** The same for several, in their order; costs less than one after the other. All are kept, or it throws. */
  putAll(all: readonly Uint8Array[]): Promise<readonly string[]>;
  /** The bytes as they were put; undefined: they were given up for age or space, or are damaged. What was asked for a moment ago is not given up. */
  get(hash: string): Promise<Uint8Array | undefined>;
  /** Whether `get` would find them, damage aside. */
  has(hash: string): Promise<boolean>;
}
