import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { AgentId } from '../../core/protocol/ids';
import { systemCodeOf, unlessFailing } from '../systemError';
import { makeFolderDurably } from './durableFiles';
import { folderNameOf } from './folderNames';
import { syncFolder } from './historyFile';

/** 'creating': somebody holds it or died before its history began; it is no session yet. */
export type FolderState = 'none' | 'creating' | 'there';

/** Where everything of a store stands: `<dir>/v1/{sessions, trash, blobs, documents, spending, holders, aside}`. */
export class StoreLayout {
  readonly root: string;
  readonly sessions: string;
  readonly trash: string;
  readonly blobs: string;
  readonly documents: string;
  /** What was spent: a file for each day. */
  readonly spending: string;
  /** Heartbeats of the store objects of all windows. */
  readonly holders: string;
  /** What is being made or removed. */
  readonly aside: string;

  constructor(dir: string) {
    this.root = path.join(path.resolve(dir), 'v1');
    this.sessions = path.join(this.root, 'sessions');
    this.trash = path.join(this.root, 'trash');
    this.blobs = path.join(this.root, 'blobs');
    this.documents = path.join(this.root, 'documents');
    this.spending = path.join(this.root, 'spending');
    this.holders = path.join(this.root, 'holders');
    this.aside = path.join(this.root, 'aside');
  }

  sessionFolder(agentId: AgentId): string {
    return path.join(this.sessions, folderNameOf(agentId));
  }

  async stateOf(agentId: AgentId): Promise<FolderState> {
    const folder = this.sessionFolder(agentId);
    if (!(await exists(folder))) return 'none';
    return (await exists(path.join(folder, creatingName))) ? 'creating' : 'there';
  }

  /** Makes the folder of a session to come, marked as such; one that is there already stays as it is. */
  async makeSessionFolder(agentId: AgentId): Promise<void> {
    await makeFolderDurably(this.sessions);
    const made = await this.#newAside();
    await writeFile(path.join(made, creatingName), '');
    if (!(await isMoved(made, this.sessionFolder(agentId)))) await rm(made, { recursive: true, force: true });
  }

  /** From here on the folder is a session. */
  async markCreated(folder: string): Promise<void> {
    await unlessFailing(['ENOENT'], unlink(path.join(folder, creatingName)));
  }

  /** So that a power cut does not take a new session back. */
  async syncNames(folder: string): Promise<void> {
    await syncFolder(folder);
    await syncFolder(this.sessions);
  }

  /** Takes the folder out of sight at once, then removes it. */
  async remove(folder: string): Promise<void> {
    const aside = await this.#newAside();
    await unlessFailing(['ENOENT'], rename(folder, path.join(aside, 'removed')));
    await rm(aside, { recursive: true, force: true });
  }

  /** Returns where it is now. */
  async moveToTrash(agentId: AgentId, now: number): Promise<string> {
    await makeFolderDurably(this.trash);
    const name = `${folderNameOf(agentId)}${trashMark}${now}`;
    for (let counter = 0; ; counter++) {
      const target = path.join(this.trash, counter === 0 ? name : `${name}.${counter}`);
      if (await isMoved(this.sessionFolder(agentId), target)) return target;
    }
  }

  /** The folders of a session in the trash, the one that was thrown away last first. */
  async trashed(agentId?: AgentId): Promise<readonly { readonly folder: string; readonly at: number }[]> {
    const wanted = agentId === undefined ? undefined : folderNameOf(agentId);
    return (await namesIn(this.trash))
      .flatMap((name) => {
        const mark = name.lastIndexOf(trashMark);
        const at = Number.parseFloat(name.slice(mark + 1));
        if (mark < 0 || Number.isNaN(at) || (wanted !== undefined && name.slice(0, mark) !== wanted)) return [];
        return [{ folder: path.join(this.trash, name), at }];
      })
      .sort((left, right) => right.at - left.at);
  }

  /** False: the id is in use again. */
  async moveBack(folder: string, agentId: AgentId): Promise<boolean> {
    return isMoved(folder, this.sessionFolder(agentId));
  }

  async #newAside(): Promise<string> {
    const folder = path.join(this.aside, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}

/** Names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await unlessFailing(['ENOENT'], readdir(folder))) ?? [];
}

export async function exists(file: string): Promise<boolean> {
  return (await unlessFailing(['ENOENT', 'ENOTDIR'], stat(file))) !== undefined;
}

export const creatingName = 'creating';
/** Never part of a session's folder name. */
const trashMark = '@';

/** False: the target is there already. */
async function isMoved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST' || code === 'ENOTEMPTY') return false;
    // Windows' answer for a folder that is there.
    if (code === 'EPERM' && (await exists(from)) && (await exists(to))) return false;
    throw error;
  }
}
