import { StoreError } from '../../core/errors';
import type { AgentId } from '../../core/protocol/ids';
import { emptySessionView, type SessionView } from '../../core/protocol/view';
import type { AgentInfo, SessionHolder, SessionReader, SessionStore, StoredState } from '../../core/store/store';
import { replay, type Replayed } from './replay';

/** Milliseconds between two looks at the store. */
const lookMs = 200;
/** Who holds the session and what it is called is asked at every so many looks. */
const looksPerState = 5;

export interface FollowerPorts {
  readonly store: Pick<SessionStore, 'read' | 'holder'>;
  /** Somebody else has written; the view contains it. */
  readonly onNew: (replayed: Replayed) => void;
  /** Another window took it or let it go. */
  readonly onHolder: () => void;
  /** Its name or what belongs to it may be another one. */
  readonly onInfo: () => void;
  /** It cannot be read any further; the follower has stopped. */
  readonly onFailure: (error: unknown) => void;
}

/** A session as this window reads it, while nobody or another window writes it. */
export class SessionFollower {
  readonly #agentId: AgentId;
  readonly #ports: FollowerPorts;
  readonly #reader: SessionReader;
  readonly #closed = new AbortController();
  #view: SessionView;
  #holder: SessionHolder | undefined;
  #info: AgentInfo | undefined;
  #infoVersion: string | undefined;
  #damage: StoreError | undefined;
  #version: string | undefined;
  #looks = 0;
  #isWatching = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  /**
   * Reads the session up to now; later events are read from the first `watch`.
   * @param from a view of the same session that is known already
   * @throws StoreError 'not_found' | 'newer_version', 'damaged' when nothing of it can be read.
   */
  static async open(
    agentId: AgentId,
    ports: FollowerPorts,
    from: SessionView = emptySessionView(agentId),
  ): Promise<SessionFollower> {
    const reader = await ports.store.read(agentId);
    try {
      const follower = new SessionFollower(agentId, ports, reader, from);
      await follower.#readOn();
      follower.#holder = await ports.store.holder(agentId);
      follower.#info = (await reader.load()).info;
      follower.#infoVersion = follower.#version;
      return follower;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  private constructor(agentId: AgentId, ports: FollowerPorts, reader: SessionReader, view: SessionView) {
    this.#agentId = agentId;
    this.#ports = ports;
    this.#reader = reader;
    this.#view = view;
  }

  get view(): SessionView {
    return this.#view;
  }

  get holder(): SessionHolder | undefined {
    return this.#holder;
  }

  /** What is kept of its agent, at most a second old while it is watched. */
  get info(): AgentInfo | undefined {
    return this.#info;
  }

  /** What keeps the rest of the session from being read. */
  get damage(): StoreError | undefined {
    return this.#damage;
  }

  /** Where the session stands now, as it is stored. */
  load(): Promise<StoredState> {
    return this.#reader.load();
  }

  /** Follows what another window writes, less than half a second behind; false: rests. */
  watch(on: boolean): void {
    this.#isWatching = on;
    this.#schedule();
  }

  /** Looks now, out of turn. */
  async refresh(): Promise<void> {
    while (this.#looking) await this.#looking;
    const work = this.#lookAround();
    this.#looking = Promise.allSettled([work]).then(() => this.#looked());
    await work;
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('The session is not followed any more.'));
    this.watch(false);
    await this.#looking;
    await this.#reader.close();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isWatching || this.#closed.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#looking ??= this.#look().finally(() => this.#looked());
    }, lookMs);
    this.#timer.unref();
  }

  #looked(): void {
    this.#looking = undefined;
    this.#schedule();
  }

  async #lookAround(): Promise<void> {
    await this.#readNew();
    await this.#askInfo();
    await this.#askHolder();
  }

  async #look(): Promise<void> {
    try {
      await (this.#looks++ % looksPerState === 0 ? this.#lookAround() : this.#readNew());
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#isWatching = false;
      this.#ports.onFailure(error);
    }
  }

  async #readNew(): Promise<void> {
    const version = await this.#reader.version();
    if (version === this.#version) return;
    await this.#replay((replayed) => {
      if (replayed.view === this.#view) return;
      this.#view = replayed.view;
      this.#ports.onNew(replayed);
    });
    this.#version = version;
  }

  /** Everything up to now at once, before anybody looks at it. */
  async #readOn(): Promise<void> {
    // Asked before the reading: what is written meanwhile shows as another version at the next look.
    const version = await this.#reader.version();
    try {
      await this.#replay(({ view }) => (this.#view = view));
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'damaged')) throw error;
      this.#damage = error;
    }
    this.#version = version;
  }

  #replay(take: (replayed: Replayed) => void): Promise<void> {
    const since = { seq: this.#view.seq, timestamp: 0 };
    return replay(this.#view, this.#reader.readEvents({ since }), take, this.#closed.signal);
  }

  async #askInfo(): Promise<void> {
    if (this.#version === this.#infoVersion) return;
    this.#info = (await this.#reader.load()).info;
    this.#infoVersion = this.#version;
    this.#ports.onInfo();
  }

  async #askHolder(): Promise<void> {
    const holder = await this.#ports.store.holder(this.#agentId);
    const changed = holder?.state !== this.#holder?.state || holder?.since !== this.#holder?.since;
    this.#holder = holder;
    if (changed) this.#ports.onHolder();
  }
}
