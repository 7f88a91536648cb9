import { readFile, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { unlessFailing } from '../systemError';
import { condemnedEnding, isHash, referencesName } from './blobs';
import { isAside } from './durableFiles';
import { namesIn, type StoreLayout } from './storeLayout';

/** What a sweep may erase. */
export interface SweepOptions {
  /** Sessions that were thrown away longer ago than this are erased. Milliseconds; default 30 days. */
  readonly trashOlderThanMs?: number;
}

/** What a sweep has erased. */
export interface SweepResult {
  readonly erasedSessions: number;
  readonly removedBlobs: number;
}

/** Safe beside writers in any process. */
export async function sweepStore(layout: StoreLayout, opts: SweepOptions, now: number): Promise<SweepResult> {
  const { trashOlderThanMs = 30 * dayMs } = opts;
  const old = (await layout.trashed()).filter(({ at }) => now - at > trashOlderThanMs);
  for (const { folder } of old) await layout.remove(folder);
  await removeOlder(layout.aside, () => true, hourMs);
  await removeOlder(layout.holders, () => true, 30 * dayMs);
  await removeOlder(layout.blobs, isAside, hourMs);
  return { erasedSessions: old.length, removedBlobs: await sweepBlobs(layout) };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Mark and sweep. A writer notes its reference first, then looks whether the blob is there: so a blob is put out of its
 * sight first, and comes back when the second look finds a reference. Young blobs are left alone in any case.
 */
async function sweepBlobs(layout: StoreLayout): Promise<number> {
  const marked = await references(layout);
  const condemned: string[] = [];
  for (const name of await namesIn(layout.blobs)) {
    const file = path.join(layout.blobs, name);
    // Left behind by a sweep that was cut off.
    if (name.endsWith(condemnedEnding)) condemned.push(file.slice(0, -condemnedEnding.length));
    else if (isHash(name) && !marked.has(name) && (await isOlder(file, hourMs))) {
      await unlessFailing(['ENOENT'], rename(file, `${file}${condemnedEnding}`));
      condemned.push(file);
    }
  }
  if (condemned.length === 0) return 0;
  const markedNow = await references(layout);
  const kept = condemned.filter((file) => markedNow.has(path.basename(file)));
  for (const file of kept) await unlessFailing(['ENOENT'], rename(`${file}${condemnedEnding}`, file));
  const gone = condemned.filter((file) => !kept.includes(file));
  for (const file of gone) await rm(`${file}${condemnedEnding}`, { force: true });
  return gone.length;
}

/** The hashes in all sessions' lists, those of the trash too. @throws when one cannot be read: then nothing may be removed. */
async function references(layout: StoreLayout): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  // Once more at the end: a session may come back from the trash between the two looks.
  for (const parent of [layout.sessions, layout.trash, layout.sessions]) {
    for (const name of await namesIn(parent)) {
      const list = readFile(path.join(parent, name, referencesName), 'utf8');
      const text = (await unlessFailing(['ENOENT', 'ENOTDIR'], list)) ?? '';
      for (const line of text.split('\n')) if (isHash(line)) found.add(line);
    }
  }
  return found;
}

async function removeOlder(folder: string, isMeant: (name: string) => boolean, ageMs: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    if (isMeant(name) && (await isOlder(file, ageMs))) await rm(file, { recursive: true, force: true });
  }
}

/** By the machine's clock: the files' times are real ones. */
async function isOlder(file: string, ageMs: number): Promise<boolean> {
  const found = await unlessFailing(['ENOENT'], stat(file));
  return found !== undefined && Date.now() - found.mtimeMs > ageMs;
}
