import { StoreError } from '../errors';
import { isDelta, mergeDeltas, type AgentEvent, type Envelope } from '../protocol/events';
import type { Batch, SessionLog } from '../store/store';
import { Turns } from '../util/turns';

/** One change of a session's state: what happened, and what is stored with it. */
export type Change = Omit<Batch, 'envelopes'> & {
  readonly events: readonly AgentEvent[];
  /** What depends on the changes before it: made right before it is stored. */
  readonly late?: () => Omit<Batch, 'envelopes'>;
};

/** What may wait for the next commit: nobody acts on it before it is durable. */
export type Gathered = Pick<Change, 'events' | 'toolCalls'>;

export interface JournalPorts {
  readonly log: SessionLog;
  readonly lastSeq: number;
  readonly now: () => number;
  /** Takes the change into the state, between commit and publication. */
  readonly apply: (change: Change) => void;
  /** Hears of every envelope, in order; must not throw. */
  readonly publish: (envelope: Envelope) => void;
}

const batchMs = 33;

/**
 * The one door to a session's history: commit, then reduce, then publish. Changes are written one after the other in the
 * order of the calls. What nobody waits for gathers for at most 33 ms; deltas alone are committed without a barrier: a crash
 * may take the last of them back, but nothing else that anybody has seen.
 */
export class Journal {
  readonly #ports: JournalPorts;
  #seq: number;
  #published: number;
  readonly #turns = new Turns();
  /** Taken and not written yet. */
  #waiting: Gathered = nothing;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(ports: JournalPorts) {
    this.#ports = ports;
    this.#seq = ports.lastSeq;
    this.#published = ports.lastSeq;
  }

  /** The last seq that was published. */
  get seq(): number {
    return this.#published;
  }

  /** Resolves once the change is durable and published. @throws StoreError when it could not be stored; then nothing has changed. */
  record(change: Change): Promise<void> {
    // What waits goes with it, in one commit.
    const waiting = this.#takeWaiting();
    return this.#turns.take(async () => {
      if (this.#stopped)
        throw new StoreError('closed', 'The session was closed.', { advice: 'Open it again; nothing was written.' });
      await this.#writeOrKeep(waiting, together(waiting, change), 'durable');
    });
  }

  /** Takes an event that nobody needs to wait for. It is published with the next commit: after 33 ms, or with a record that comes before. */
  soon(event: AgentEvent): void {
    this.gather({ events: [event] });
  }

  /** The same for what is stored with events. */
  gather(change: Gathered): void {
    if (this.#stopped) return;
    this.#waiting = together(this.#waiting, change);
    this.#flushTimer ??= setTimeout(() => {
      // A failure to store shows at the next record: it goes through the same door.
      void this.settled().catch(() => undefined);
    }, batchMs);
  }

  /** Writes what was taken so far, and nothing after it: the history stays as it is at this moment. */
  async stop(): Promise<void> {
    await this.settled().finally(() => (this.#stopped = true));
  }

  /** Resolves when everything that was taken so far is written. */
  async settled(): Promise<void> {
    await this.#turns.take(async () => {
      const waiting = this.#takeWaiting();
      const durability = waiting.toolCalls === undefined && waiting.events.every(isDelta) ? 'soon' : 'durable';
      if (waiting !== nothing) await this.#writeOrKeep(waiting, waiting, durability);
    });
  }

  #takeWaiting(): Gathered {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    const waiting = this.#waiting;
    this.#waiting = nothing;
    return waiting;
  }

  async #writeOrKeep(waiting: Gathered, change: Change, durability: 'durable' | 'soon'): Promise<void> {
    const before = this.#seq;
    try {
      await this.#write(change, durability);
    } catch (error) {
      if (this.#seq === before) this.#waiting = together(waiting, this.#waiting);
      throw error;
    }
  }

  async #write(change: Change, durability: 'durable' | 'soon'): Promise<void> {
    const { log, now, apply, publish } = this.#ports;
    const timestamp = now();
    const { events, late, ...fixed } = change;
    const rest = { ...fixed, ...late?.() };
    const envelopes = events.map((event, index): Envelope => {
      const seq = this.#seq + index + 1;
      return { cursor: seq, bookmark: { seq, timestamp }, event };
    });
    await log.commit({ ...rest, envelopes });
    this.#seq += envelopes.length; // Stored from here on: these numbers are never given again, whatever the barrier says.
    if (durability === 'durable') await log.barrier();
    apply({ ...rest, events });
    for (const envelope of envelopes) {
      this.#published = envelope.bookmark.seq;
      publish(envelope);
    }
  }
}

const nothing: Gathered = { events: [] };

/** One change of two, in their order: of a call that stands in both, the later state is stored. */
function together<Later extends Gathered>(earlier: Gathered, later: Later): Later {
  if (earlier === nothing) return later;
  const [first] = later.events;
  const last = earlier.events.at(-1);
  const merged = first && last && mergeDeltas(last, first);
  const events = merged
    ? [...earlier.events.slice(0, -1), merged, ...later.events.slice(1)]
    : [...earlier.events, ...later.events];
  if (!earlier.toolCalls) return { ...later, events };
  const calls = [...earlier.toolCalls, ...(later.toolCalls ?? [])];
  return { ...later, events, toolCalls: [...new Map(calls.map((call) => [call.id, call])).values()] };
}
