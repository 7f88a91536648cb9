import { mkdir, rmdir } from 'node:fs/promises';
import * as path from 'node:path';
import { ToolError } from '../core/errors';
import { openFolderInside, type OpenFolder } from './openInside';
import type { PathBox } from './pathBox';
import { realPathOf } from './realPath';
import { systemCodeOf, unlessFailing } from './systemError';

export interface MadeFolders {
  readonly folder: OpenFolder;
  /** Removes those that were made here and hold nothing. */
  readonly removeEmpty: () => Promise<void>;
}

/**
 * Opens a folder inside the box and makes it with its parents where `create` is set. Each step goes through the folder
 * before it, so that a link that is put in the way leads nowhere. The caller closes the folder.
 */
export async function makeFolders(box: PathBox, folder: string, create: boolean): Promise<MadeFolders> {
  const missing: string[] = [];
  let current = folder;
  while (create && !(await realPathOf(current)).exists) {
    missing.unshift(path.basename(current));
    current = path.dirname(current);
  }
  const made: string[] = [];
  const removeEmpty = async (): Promise<void> => {
    for (const name of made.toReversed())
      await unlessFailing(['ENOTEMPTY', 'ENOENT', 'EEXIST', 'ENOTDIR'], rmdir(name));
  };
  let opened = await openFolderInside(box, current);
  try {
    for (const name of missing) {
      const next = path.join(current, name);
      if (await makeOne(opened.at(name), next)) made.push(next);
      const parent = opened;
      opened = await openFolderInside(box, next);
      await parent.close();
      current = next;
    }
  } catch (error) {
    await opened.close();
    await removeEmpty();
    throw error;
  }
  return { folder: opened, removeEmpty };
}

/** False: somebody else has made it in the meantime. */
async function makeOne(target: string, named: string): Promise<boolean> {
  try {
    await mkdir(target);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw new ToolError('failed', `The folder ${JSON.stringify(named)} cannot be made: ${String(error)}.`, {
      advice: 'Check the permissions of the folder above it.',
      cause: error,
    });
  }
}
