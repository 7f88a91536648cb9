import type { AgentId } from '../../core/protocol/ids';
import type { HostMessage } from '../../core/protocol/ops';
import type { SessionRow } from '../../core/protocol/view';

import type { SessionMeta, SessionStore } from '../../core/store/store';
import { belongsTo, folderNames, type FolderUris } from './workspaceFolders';

export type Found = Extract<HostMessage, { readonly type: 'found' }>;

/** A place in a session where the searched text stands. */
export interface TextMatch {
  readonly agentId: AgentId;
  /** The text around it, on one line. */
  readonly text: string;
}

export type SearchText = (
  query: string,
  sessions: readonly SessionMeta[],
  signal: AbortSignal,
) => AsyncIterable<TextMatch>;

export interface SessionSearchPorts {
  readonly store: Pick<SessionStore, 'summaries' | 'holder'>;
  readonly folders: () => FolderUris;
  /** Whether this window works in it. */
  readonly isOurs: (sessionId: AgentId) => boolean;
  /** Looks through what was said in these sessions, in their order; the first match of each counts. */
  readonly searchText: SearchText;
  readonly post: (found: Found) => void;
}

const maxRows = 200;
/** Milliseconds between two answers while matches come in. */
const postMs = 100;

/** Answers the panel's searches. A newer one cancels the one before: the panel only wants the last. */
export class SessionSearch {
  readonly #ports: SessionSearchPorts;
  #running = new AbortController();

  constructor(ports: SessionSearchPorts) {
    this.#ports = ports;
  }

  /** Posts what is found: by title at once, by text as it comes. Resolves when all is found, or a newer search has come. */
  async search(query: string, anyFolder: boolean): Promise<void> {
    this.cancel();
    const { signal } = this.#running;
    const { store, folders } = this.#ports;
    const here = folders();
    const listed = (await store.summaries())
      .filter((meta) => isListed(meta, anyFolder ? undefined : here))
      .toSorted(byPlace);
    const words = query.toLocaleLowerCase().split(/\s+/u);
    const titled = listed.filter(({ title }) => words.every((word) => title.toLocaleLowerCase().includes(word)));
    if (query.trim() === '') return this.#post(query, titled, noMatches, true, signal);
    await this.#post(query, titled, noMatches, false, signal);
    await this.#searchText(query, listed, new Set(titled.map((meta) => meta.agentId)), signal);
  }

  cancel(): void {
    this.#running.abort(new Error('A newer search has come.'));
    this.#running = new AbortController();
  }

  async #searchText(
    query: string,
    listed: readonly SessionMeta[],
    titled: ReadonlySet<AgentId>,
    signal: AbortSignal,
  ): Promise<void> {
    const matches = new Map<AgentId, string>();
    const found = (): readonly SessionMeta[] =>
      listed.filter(({ agentId }) => titled.has(agentId) || matches.has(agentId));
    let posted = performance.now();
    try {
      for await (const { agentId, text } of this.#ports.searchText(query, listed, signal)) {
        if (matches.has(agentId)) continue;
        matches.set(agentId, text);
        if (performance.now() - posted < postMs) continue;
        await this.#post(query, found(), matches, false, signal);
        posted = performance.now();
      }
    } catch (error) {
      if (signal.aborted) return;
      await this.#post(query, found(), matches, true, signal); // The panel must not wait for ever.
      throw error;
    }
    await this.#post(query, found(), matches, true, signal);
  }

  async #post(
    query: string,
    found: readonly SessionMeta[],
    matches: ReadonlyMap<AgentId, string>,
    done: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const rows = await Promise.all(found.slice(0, maxRows).map((meta) => this.#row(meta, matches.get(meta.agentId))));
    if (!signal.aborted) this.#ports.post({ type: 'found', query, rows, total: found.length, done });
  }

  async #row(meta: SessionMeta, match: string | undefined): Promise<SessionRow> {
    const { store, folders, isOurs } = this.#ports;
    const { agentId: sessionId, title, pinned, updatedAt, openApprovals, metadata, unreadable } = meta;
    const ours = isOurs(sessionId);
    const held = !ours && (await store.holder(sessionId)) !== undefined;
    return {
      ...{ sessionId, title, pinned, updatedAt, openApprovals, held },
      // What was stored last of a session in which nobody works any more may be that it works.
      state: ours || held ? meta.state : 'READY',
      ...(!unreadable && !belongsTo(folders(), metadata) && { folder: folderNames(metadata) }),
      ...(match !== undefined && { match }),
    };
  }
}

const noMatches: ReadonlyMap<AgentId, string> = new Map();

/**
 * What cannot be read may belong anywhere, and must be found to be salvaged. One that was taken back to its start stays. A
 * subagent's session is its agent's affair.
 */
function isListed({ unreadable, messageCount, lastSeq, metadata }: SessionMeta, here: FolderUris | undefined): boolean {
  if (unreadable) return true;
  if (metadata['parent'] !== undefined) return false;
  return (messageCount > 0 || lastSeq > 0) && (here === undefined || belongsTo(here, metadata));
}

function byPlace(left: SessionMeta, right: SessionMeta): number {
  return Number(right.pinned) - Number(left.pinned) || right.updatedAt - left.updatedAt;
}
