import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../../core/errors';
import type { AgentId } from '../../core/protocol/ids';
import { checkAgentId } from '../../core/store/agentIds';
import { salvageInto, type SalvageResult } from '../../core/store/salvageInto';
import { SessionHeldError } from '../../core/store/sessionHeld';
import type {
  OpenOptions,
  SessionHolder,
  SessionLog,
  SessionMeta,
  SessionReader,
  SessionStore,
} from '../../core/store/store';
import type { JsonValue } from '../../core/util/json';
import type { SessionFormat } from '../sessionFormat';
import { unlessFailing } from '../systemError';
import { Blobs } from './blobs';
import { Documents } from './documents';
import { FileSessionReader } from './fileSessionReader';
import { HeldSessions, notFound, type HeldSession } from './heldSessions';
import { LeaseHolder } from './leaseHolder';
import { readMachine, type Machine } from './machine';
import { sessionLogOf, startSession, type OpenSessionPorts } from './openSession';
import { OpenSlots } from './openSlots';
import { searchSessions, type SearchHit, type SearchOptions } from './sessionSearch';
import { SessionSummaries } from './sessionSummaries';
import { storageSize } from './storageSize';
import { storeFailure } from './storeFailure';
import { StoreLayout } from './storeLayout';
import { sweepStore, type SweepOptions, type SweepResult } from './sweepStore';
import { TurnsByKey } from './turnsByKey';

export interface FileSessionStoreOptions {
  /** Made when it is first written to. */
  readonly dir: string;
  /** How histories are written. A folder is always used with the same one. */
  readonly format: SessionFormat;
  /** How many histories may be open at a time. Default 32. */
  readonly maxOpen?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Who this process is and what it sees of others; asked once. */
  readonly machine?: () => Promise<Machine>;
}

/** Sessions in a folder that several windows and processes may use at the same time. Nothing is read or written before it is used. */
export class FileSessionStore implements SessionStore {
  readonly #layout: StoreLayout;
  readonly #ports: OpenSessionPorts;
  readonly #holder: LeaseHolder;
  readonly #held: HeldSessions;
  readonly #summaries: SessionSummaries;
  readonly #documents: Documents;
  readonly #turns = new TurnsByKey<AgentId>();
  readonly #handOverHandlers = new Set<(agentId: AgentId) => Promise<boolean>>();
  readonly #readMachine: () => Promise<Machine>;
  #machine: Promise<Machine> | undefined;

  constructor({ dir, format, maxOpen = 32, now = Date.now, machine = readMachine }: FileSessionStoreOptions) {
    const layout = new StoreLayout(dir);
    const blobs = new Blobs(layout.blobs);
    this.#layout = layout;
    this.#documents = new Documents(layout.documents);
    this.#ports = { layout, format, blobs, now, slots: new OpenSlots(maxOpen) };
    this.#readMachine = machine;
    this.#holder = new LeaseHolder({
      ...{ folder: layout.holders, now, machine: () => (this.#machine ??= this.#readMachine()) },
      onHandOver: (agentId) => this.#handOver(agentId),
    });
    this.#held = new HeldSessions(layout, this.#holder, now);
    this.#summaries = new SessionSummaries(layout.sessions, (folder) => this.#readFolder(folder));
  }

  /** Where everything stands; a session's own files are in its folder. */
  get layout(): StoreLayout {
    return this.#layout;
  }

  /** How many histories are open now. */
  get openCount(): number {
    return this.#ports.slots.open;
  }

  async open(agentId: AgentId, mode: 'create' | 'existing', opts: OpenOptions = {}): Promise<SessionLog> {
    checkAgentId(agentId);
    return orStoreFailure(`Opening the session ${agentId}`, async () => {
      const isNew = mode === 'create';
      const { held, log } = await this.#turn(agentId, async () => {
        if (this.#held.get(agentId)?.log) throw isOpen(agentId);
        if (isNew && (await this.exists(agentId))) throw idInUse(agentId);
        const taken = await this.#held.take(agentId, isNew, opts);
        const made = sessionLogOf(taken, isNew, this.#ports, () => this.#letGoLog(taken));
        taken.log = made;
        return { held: taken, log: made };
      });
      try {
        // Another look now that nobody else can change it.
        if (isNew === (await this.exists(agentId))) throw isNew ? idInUse(agentId) : notFound(agentId);
        await startSession(held, log, isNew, this.#ports);
        return log;
      } catch (error) {
        await Promise.allSettled([log.close()]);
        throw error;
      }
    });
  }

  async read(agentId: AgentId): Promise<SessionReader> {
    checkAgentId(agentId);
    return orStoreFailure(`Reading the session ${agentId}`, async () => {
      if (!(await this.exists(agentId))) throw notFound(agentId);
      return this.#readFolder(this.#layout.sessionFolder(agentId));
    });
  }

  async hold(agentId: AgentId, opts: OpenOptions = {}): Promise<() => Promise<void>> {
    checkAgentId(agentId);
    const deadline = performance.now() + (opts.waitMs ?? 0);
    return orStoreFailure(`Taking the session ${agentId}`, async () => {
      for (;;) {
        const taken = await this.#turn(agentId, async () => {
          const held = await this.#held.take(agentId, true, opts);
          const token = held.token ? undefined : Symbol('lease');
          if (token) held.token = token;
          return { held, token };
        });
        const { held, token } = taken;
        if (token) return () => this.#letGoToken(held, token);
        if (performance.now() >= deadline) throw new SessionHeldError(agentId, await this.#here(held));
        await pause(lookAgainMs);
      }
    });
  }

  async holder(agentId: AgentId): Promise<SessionHolder | undefined> {
    checkAgentId(agentId);
    const held = this.#held.get(agentId);
    if (held?.taken.lease.holds()) return this.#here(held);
    return orStoreFailure(`Looking who holds the session ${agentId}`, () =>
      unlessFailing(['ENOENT'], this.#holder.look(this.#layout.sessionFolder(agentId), agentId)),
    );
  }

  async exists(agentId: AgentId): Promise<boolean> {
    checkAgentId(agentId);
    return (await this.#layout.stateOf(agentId)) === 'there';
  }

  async list(prefix = ''): Promise<readonly AgentId[]> {
    const entries = await this.summaries();
    return entries
      .map(({ agentId }) => agentId)
      .filter((id) => id.startsWith(prefix))
      .sort();
  }

  async summaries(): Promise<readonly SessionMeta[]> {
    const entries = await orStoreFailure('Reading the list of sessions', () => this.#summaries.all());
    return entries
      .map((entry) => this.#held.get(entry.agentId)?.log?.meta ?? entry)
      .sort((left, right) => right.updatedAt - left.updatedAt);
  }

  async discard(agentId: AgentId): Promise<void> {
    checkAgentId(agentId);
    await orStoreFailure(`Discarding the session ${agentId}`, () => this.#turn(agentId, () => this.#discard(agentId)));
  }

  async restore(agentId: AgentId): Promise<void> {
    checkAgentId(agentId);
    await orStoreFailure(`Restoring the session ${agentId}`, () =>
      this.#turn(agentId, async () => {
        const [last] = await this.#layout.trashed(agentId);
        if (!last) throw notFound(agentId);
        if (!(await this.#layout.moveBack(last.folder, agentId))) throw idInUse(agentId);
      }),
    );
  }

  async delete(agentId: AgentId): Promise<void> {
    checkAgentId(agentId);
    await orStoreFailure(`Deleting the session ${agentId}`, () =>
      this.#turn(agentId, async () => {
        await this.#discard(agentId);
        for (const { folder } of await this.#layout.trashed(agentId)) await this.#layout.remove(folder);
      }),
    );
  }

  readDocument(name: string): Promise<JsonValue | undefined> {
    return this.#documents.read(name);
  }

  writeDocument(name: string, value: JsonValue | undefined): Promise<void> {
    return this.#documents.write(name, value);
  }

  onHandOverRequest(handler: (agentId: AgentId) => Promise<boolean>): () => void {
    this.#handOverHandlers.add(handler);
    return () => void this.#handOverHandlers.delete(handler);
  }

  /** As `searchSessions`, the last changed session first. @throws the signal's reason. */
  async *search(query: string, opts: SearchOptions, signal: AbortSignal): AsyncGenerator<SearchHit, void, undefined> {
    yield* searchSessions(this.#layout, await this.summaries(), query, opts, signal);
  }

  /** Bytes on the disk, trash and blobs included. */
  size(signal: AbortSignal): Promise<number> {
    return storageSize(this.#layout.root, signal);
  }

  /** Makes a new session of everything that can still be read of a damaged one, which stays as it is. @throws StoreError 'not_found' | 'damaged' when nothing can be read. */
  async salvage(agentId: AgentId): Promise<SalvageResult> {
    checkAgentId(agentId);
    const meta = (await this.summaries()).find((entry) => entry.agentId === agentId);
    if (!meta) throw notFound(agentId);
    return orStoreFailure(`Salvaging the session ${agentId}`, async () => {
      const salvaged = await this.#ports.format.salvage(this.#layout.sessionFolder(agentId));
      return salvageInto(this, meta, salvaged);
    });
  }

  /** Removes what nobody can reach any more: old trash, blobs without a reference, leftovers of processes that died. */
  async sweep(opts: SweepOptions = {}): Promise<SweepResult> {
    return orStoreFailure('Sweeping the store', () => sweepStore(this.#layout, opts, this.#ports.now()));
  }

  async #readFolder(folder: string): Promise<SessionReader> {
    return new FileSessionReader(await this.#ports.format.read(folder), this.#ports.blobs);
  }

  async #discard(agentId: AgentId): Promise<void> {
    const held = this.#held.get(agentId);
    if (held?.log) throw isOpen(agentId);
    if (!(await this.exists(agentId))) return;
    const mine = await this.#held.take(agentId, false, {});
    try {
      await this.#held.moved(mine, await this.#layout.moveToTrash(agentId, this.#ports.now()));
    } catch (error) {
      await this.#held.letGo(mine);
      throw error;
    }
  }

  #letGoLog(held: HeldSession): Promise<void> {
    return this.#turn(held.agentId, async () => {
      held.log = undefined;
      await this.#held.letGo(held);
    });
  }

  #letGoToken(held: HeldSession, token: symbol): Promise<void> {
    return this.#turn(held.agentId, async () => {
      if (held.token !== token) return;
      held.token = undefined;
      await this.#held.letGo(held);
    });
  }

  async #handOver(agentId: AgentId): Promise<boolean> {
    for (const handler of this.#handOverHandlers) {
      const [answer] = await Promise.allSettled([handler(agentId)]);
      if (answer.status === 'fulfilled' && answer.value) break;
    }
    return this.#held.get(agentId) === undefined;
  }

  #turn<T>(agentId: AgentId, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(agentId, work);
  }

  async #here({ since }: HeldSession): Promise<SessionHolder> {
    const { self } = await (this.#machine ??= this.#readMachine());
    return { state: 'alive', pid: self.pid, host: self.host, since };
  }
}

const lookAgainMs = 20;

async function orStoreFailure<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(error, what);
  }
}

function idInUse(agentId: AgentId): StoreError {
  return new StoreError('exists', `The session ${JSON.stringify(agentId)} exists already.`, {
    advice: 'Open it, or choose another id.',
  });
}

function isOpen(agentId: AgentId): StoreError {
  return new StoreError('conflict', `The session ${agentId} is open.`, {
    advice: 'Close it where it is open, then try again.',
  });
}
