import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { AgentId } from '../../core/protocol/ids';
import { emptyMeta } from '../../core/store/meta';
import type { SessionMeta, SessionReader } from '../../core/store/store';
import { systemCodeOf } from '../systemError';
import { replaceFile } from './durableFiles';
import { agentIdOf, folderNameOf } from './folderNames';
import { metaName, parseMeta, rebuiltMeta } from './sidecar';
import { creatingName, exists, namesIn } from './storeLayout';

/** The entries of all sessions in a folder, read from their sidecars; one that has not changed since the last time is not read again. */
export class SessionSummaries {
  readonly #sessions: string;
  readonly #read: (folder: string) => Promise<SessionReader>;
  readonly #known = new Map<string, { readonly stamp: string; readonly meta: SessionMeta }>();

  /** `read` opens a session's history, for sidecars that are missing or cut off. */
  constructor(sessions: string, read: (folder: string) => Promise<SessionReader>) {
    this.#sessions = sessions;
    this.#read = read;
  }

  async all(): Promise<readonly SessionMeta[]> {
    const names = await namesIn(this.#sessions);
    const present = new Set(names);
    for (const name of this.#known.keys()) if (!present.has(name)) this.#known.delete(name);
    const entries: SessionMeta[] = [];
    let sliceEnds = performance.now() + sliceMs;
    for (const name of names) {
      const meta = this.#fromSidecar(name) ?? (await this.#fromHistory(name));
      if (meta) entries.push(meta);
      if (performance.now() < sliceEnds) continue;
      await nextTick();
      sliceEnds = performance.now() + sliceMs;
    }
    return entries;
  }

  /** Two quick calls for each: thousands of small files by way of the thread pool take ten times as long. */
  #fromSidecar(name: string): SessionMeta | undefined {
    const file = path.join(this.#sessions, name, metaName);
    try {
      const { mtimeMs, size, ino } = statSync(file);
      const stamp = `${mtimeMs}:${size}:${ino}`;
      const known = this.#known.get(name);
      if (known?.stamp === stamp) return known.meta;
      const meta = parseMeta(readFileSync(file, 'utf8'));
      if (!meta || folderNameOf(meta.agentId) !== name) return undefined;
      this.#known.set(name, { stamp, meta });
      return meta;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  async #fromHistory(name: string): Promise<SessionMeta | undefined> {
    const folder = path.join(this.#sessions, name);
    if (await exists(path.join(folder, creatingName))) return undefined;
    const [result] = await Promise.allSettled([this.#rebuilt(folder, agentIdOf(name))]);
    if (result.status === 'fulfilled') return result.value;
    // Still listed where its id is known: a person finds out what is wrong by opening it.
    const agentId = agentIdOf(name);
    const stats = statSync(folder, { throwIfNoEntry: false });
    return agentId === undefined || !stats
      ? undefined
      : {
          ...emptyMeta(agentId, Math.floor(stats.mtimeMs)),
          title: 'A session that cannot be read',
          unreadable: true,
        };
  }

  async #rebuilt(folder: string, named: AgentId | undefined): Promise<SessionMeta | undefined> {
    const reader = await this.#read(folder);
    try {
      const agentId = named ?? (await reader.load()).info?.agentId;
      if (agentId === undefined || folderNameOf(agentId) !== path.basename(folder)) return undefined;
      const meta = await rebuiltMeta(agentId, reader);
      // A folder that cannot be written is read again the next time.
      await Promise.allSettled([replaceFile(path.join(folder, metaName), JSON.stringify(meta))]);
      return meta;
    } finally {
      await reader.close();
    }
  }
}

const sliceMs = 5;
