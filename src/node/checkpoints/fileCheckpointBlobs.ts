import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import * as path from 'node:path';
import type { CheckpointBlobs } from '../../core/checkpoints/checkpointBlobs';
import { mapTogether } from '../../core/util/mapTogether';
import { condemnedEnding, isHash } from '../store/blobs';
import { isAside, makeFolderDurably, replaceAllDurably } from '../store/durableFiles';
import { storeFailure } from '../store/storeFailure';
import { namesIn } from '../store/storeLayout';
import { unlessFailing } from '../systemError';

export interface FileCheckpointBlobsOptions {
  /** Of one workspace; made when something is put there. */
  readonly folder: string;
  /** What all of them may take, asked whenever some are given up. Default 200 MB. */
  readonly maxBytes?: () => number;
  /** Milliseconds after which one that nobody asked for is given up. Default 30 days. */
  readonly maxAgeMs?: number;
  readonly now?: () => number;
}

/** What was put or asked for within this time stays, however much there is: a restore may be under way, in any window. */
const inUseMs = 3_600_000;
const dayMs = 86_400_000;
const filesAtOnce = 8;

/** Blobs as files named after their content, shared by all windows of a workspace. Their times of change say when each was last used. */
export class FileCheckpointBlobs implements CheckpointBlobs {
  readonly #folder: string;
  readonly #maxBytes: () => number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;

  constructor({ folder, maxBytes, maxAgeMs = 30 * dayMs, now = Date.now }: FileCheckpointBlobsOptions) {
    this.#folder = folder;
    this.#maxBytes = maxBytes ?? (() => 200 * 1024 * 1024);
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const [hash = ''] = await this.putAll([bytes]);
    return hash;
  }

  async putAll(all: readonly Uint8Array[]): Promise<readonly string[]> {
    const hashes = all.map(hashOf);
    const wanted = new Map(all.map((data, index) => [hashes[index] ?? '', data]));
    try {
      const found = await mapTogether([...wanted], filesAtOnce, async ([name, data]) =>
        // One that is there but damaged is written again: nothing else would find out before it is needed.
        (await this.get(name)) ? [] : [{ name, data }],
      );
      const missing = found.flat();
      if (missing.length === 0) return hashes;
      await makeFolderDurably(this.#folder);
      await replaceAllDurably(this.#folder, missing);
      for (const { name } of missing) await this.#markUsed(name);
    } catch (error) {
      throw storeFailure(error, 'Keeping a checkpoint');
    }
    return hashes;
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    if (!isHash(hash)) return undefined;
    const file = this.#fileOf(hash);
    // Before it is read: from here on no other window gives it up.
    await this.#markUsed(hash);
    const bytes =
      (await unlessFailing(['ENOENT'], readFile(file))) ??
      (await unlessFailing(['ENOENT'], readFile(`${file}${condemnedEnding}`)));
    if (!bytes || hashOf(bytes) === hash) return bytes;
    await rm(file, { force: true });
    return undefined;
  }

  async has(hash: string): Promise<boolean> {
    return isHash(hash) && (await unlessFailing(['ENOENT'], stat(this.#fileOf(hash)))) !== undefined;
  }

  /** Gives up what is too old, then the oldest until the rest is small enough. @returns how many. */
  async prune(signal: AbortSignal): Promise<number> {
    const [now, found] = [this.#now(), await this.#list(signal)];
    let total = found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const maxBytes = this.#maxBytes();
    let pruned = 0;
    for (const { name, sizeBytes, usedMs } of found.sort((one, other) => one.usedMs - other.usedMs)) {
      signal.throwIfAborted();
      const age = now - usedMs;
      if (age < inUseMs || (age <= this.#maxAgeMs && total <= maxBytes && isHash(name))) continue;
      if (!(await this.#giveUp(name, usedMs))) continue;
      total -= sizeBytes;
      pruned++;
    }
    return pruned;
  }

  /** False: somebody has asked for it at this moment, so it stays. */
  async #giveUp(name: string, usedMs: number): Promise<boolean> {
    const file = path.join(this.#folder, name);
    const aside = isHash(name) ? `${file}${condemnedEnding}` : file;
    if (aside !== file) await unlessFailing(['ENOENT'], rename(file, aside));
    const again = await unlessFailing(['ENOENT'], stat(aside));
    if (again && again.mtimeMs > usedMs) {
      await unlessFailing(['ENOENT'], rename(aside, file));
      return false;
    }
    await rm(aside, { force: true });
    return true;
  }

  async #list(signal: AbortSignal): Promise<{ name: string; sizeBytes: number; usedMs: number }[]> {
    const found: { name: string; sizeBytes: number; usedMs: number }[] = [];
    for (const name of await namesIn(this.#folder)) {
      signal.throwIfAborted();
      if (!isHash(name) && !isAside(name) && !name.endsWith(condemnedEnding)) continue;
      const file = await unlessFailing(['ENOENT'], stat(path.join(this.#folder, name)));
      if (file) found.push({ name, sizeBytes: file.size, usedMs: file.mtimeMs });
    }
    return found;
  }

  async #markUsed(hash: string): Promise<void> {
    const now = new Date(this.#now());
    await unlessFailing(['ENOENT'], utimes(this.#fileOf(hash), now, now));
  }

  #fileOf(hash: string): string {
    return path.join(this.#folder, hash);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
