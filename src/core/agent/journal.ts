import { StoreError } from '../errors';
import { mergeDeltas, type AgentEvent, type DeltaEvent, type Envelope } from '../protocol/events';
import type { Batch, SessionLog } from '../store/store';

/** One change of a session's state: what happened, and what is stored with it. */
export type Change = Omit<Batch, 'envelopes'> & { readonly events: readonly AgentEvent[] };

export interface JournalPorts {
  readonly log: SessionLog;
  readonly lastSeq: number;
  readonly now: () => number;
  /** Takes the change into the state, between commit and publication. */
  readonly apply: (change: Change) => void;
  /** Hears of every envelope, in order; must not throw. */
  readonly publish: (envelope: Envelope) => void;
}

const deltaBatchMs = 33;

/**
 * The one door to a session's history: commit, then reduce, then publish. Changes are written one after the other in the
 * order of the calls. Deltas gather for at most 33 ms and are committed without a barrier: a crash may take the last of
 * them back, but nothing else that anybody has seen.
 */
export class Journal {
  readonly #ports: JournalPorts;
  #seq: number;
  #published: number;
  #tail: Promise<unknown> = Promise.resolve();
  #deltas: DeltaEvent[] = [];
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
    return this.#enqueue(async () => {
      if (this.#stopped)
        throw new StoreError('closed', 'The session was closed.', { advice: 'Open it again; nothing was written.' });
      // Text that waits goes with it, in one commit.
      const events = [...this.#takeDeltas(), ...change.events];
      await this.#write({ ...change, events }, 'durable');
    });
  }

  /** Takes a piece of streamed text. It is published with the next batch. */
  delta(event: DeltaEvent): void {
    if (this.#stopped) return;
    const last = this.#deltas.at(-1);
    const merged = last && mergeDeltas(last, event);
    if (merged) this.#deltas[this.#deltas.length - 1] = merged;
    else this.#deltas.push(event);
    this.#flushTimer ??= setTimeout(() => {
      // A failure to store deltas shows at the next record: it goes through the same door.
      void this.settled().catch(() => undefined);
    }, deltaBatchMs);
  }

  /** Writes what was taken so far, and nothing after it: the history stays as it is at this moment. */
  async stop(): Promise<void> {
    await this.settled().finally(() => (this.#stopped = true));
  }

  /** Resolves when everything that was taken so far is written. */
  async settled(): Promise<void> {
    await this.#enqueue(() => this.#writeDeltas());
  }

  async #writeDeltas(): Promise<void> {
    const events = this.#takeDeltas();
    if (events.length > 0) await this.#write({ events }, 'soon');
  }

  #takeDeltas(): readonly DeltaEvent[] {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    const events = this.#deltas;
    this.#deltas = [];
    return events;
  }

  async #write(change: Change, durability: 'durable' | 'soon'): Promise<void> {
    const { log, now, apply, publish } = this.#ports;
    const timestamp = now();
    const { events, ...rest } = change;
    const envelopes = events.map((event, index): Envelope => {
      const seq = this.#seq + index + 1;
      return { cursor: seq, bookmark: { seq, timestamp }, event };
    });
    await log.commit({ ...rest, envelopes });
    this.#seq += envelopes.length; // Stored from here on: these numbers are never given again, whatever the barrier says.
    if (durability === 'durable') await log.barrier();
    apply(change);
    for (const envelope of envelopes) {
      this.#published = envelope.bookmark.seq;
      publish(envelope);
    }
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
