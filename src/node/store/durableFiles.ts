import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { mapTogether } from '../../core/util/mapTogether';
import { syncFolder } from './historyFile';

/** Puts the file there whole or not at all; after a power cut it may be the old one, or empty: for what can be made again. */
export async function replaceFile(file: string, data: string | Uint8Array): Promise<void> {
  await writeAside(file, data, false);
}

/** Puts the file there whole or not at all, and so that a power cut does not take it back. */
export async function replaceDurably(file: string, data: string | Uint8Array): Promise<void> {
  await writeAside(file, data, true);
  await syncFolder(path.dirname(file));
}

/** The same for several of different names in one folder, with one flush of that folder. What fails leaves the others whole or not there. */
export async function replaceAllDurably(
  folder: string,
  files: readonly { readonly name: string; readonly data: Uint8Array }[],
): Promise<void> {
  if (files.length === 0) return;
  await mapTogether(files, writesAtOnce, ({ name, data }) => writeAside(path.join(folder, name), data, true));
  await syncFolder(folder);
}

/** More keep a disk no busier, and each holds a file open. */
const writesAtOnce = 8;

/** Makes the folder with its parents, for this user only; those that are new survive a power cut. */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path.resolve(folder); ; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
    if (made === path.resolve(first) || made === path.dirname(made)) return;
  }
}

/** A file that is being written beside its place. */
export const isAside = (name: string): boolean => name.endsWith(asideEnding);

const asideEnding = '.aside';

async function writeAside(file: string, data: string | Uint8Array, durable: boolean): Promise<void> {
  const aside = `${file}.${randomUUID()}${asideEnding}`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(data);
      if (durable) await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
