import { isDelta, mergeDeltas, type AgentEvent, type Channel, type Envelope } from '../protocol/events';
import type { SessionLog } from '../store/store';
import { AsyncQueue } from '../util/asyncQueue';

export interface SubscriptionPorts {
  readonly log: Pick<SessionLog, 'readEvents'>;
  /** The last seq that was published. */
  readonly publishedSeq: () => number;
  readonly channels: readonly Channel[];
  readonly kinds: readonly AgentEvent['type'][] | undefined;
  /** Events strictly after this seq are delivered. */
  readonly sinceSeq: number;
  /** Ends the stream after an event for which it says so. */
  readonly endAfter?: (envelope: Envelope) => boolean;
  readonly onDelivered: (envelope: Envelope) => void;
  readonly onClosed: (subscription: Subscription) => void;
}

/** How many events wait in memory for a slow reader; beyond, it reads them from the store when it comes back. */
const bufferedEvents = 1_000;

/**
 * One reader's view of the events: what is stored comes first, then what happens, without gap, duplicate or reorder. It
 * counts from the moment it was made, not from the first read.
 */
export class Subscription implements AsyncIterable<Envelope> {
  readonly #ports: SubscriptionPorts;
  readonly #channels: ReadonlySet<Channel>;
  readonly #kinds: ReadonlySet<AgentEvent['type']> | undefined;
  readonly #live: AsyncQueue<Envelope>;
  /** Set while the store holds events that the live queue does not. */
  #behind: boolean;
  #lastSeq: number;

  constructor(ports: SubscriptionPorts) {
    this.#ports = ports;
    this.#channels = new Set(ports.channels);
    this.#kinds = ports.kinds && new Set(ports.kinds);
    this.#lastSeq = ports.sinceSeq;
    this.#behind = ports.sinceSeq < ports.publishedSeq();
    this.#live = new AsyncQueue(() => ports.onClosed(this));
  }

  /** Called with every event as it is published. */
  offer(envelope: Envelope): void {
    if (!this.#isWanted(envelope) && !this.#ports.endAfter?.(envelope)) return;
    const merged = isDelta(envelope.event) && this.#live.replaceLast((last) => mergeEnvelopes(last, envelope));
    if (merged) return;
    if (this.#live.size >= bufferedEvents) {
      this.#live.clear();
      this.#behind = true;
    }
    this.#live.push(envelope);
  }

  /** Ends the stream after what was offered. */
  end(error?: Error): void {
    this.#live.end(error);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Envelope> {
    const live = this.#live[Symbol.asyncIterator]();
    try {
      for (;;) {
        if (this.#behind) {
          for await (const envelope of this.#readStored()) {
            if (this.#isWanted(envelope)) yield this.#deliver(envelope);
            if (this.#ports.endAfter?.(envelope)) return;
          }
          continue;
        }
        const next = await live.next();
        if (next.done) return;
        if (next.value.bookmark.seq <= this.#lastSeq) continue;
        if (this.#isWanted(next.value)) yield this.#deliver(next.value);
        if (this.#ports.endAfter?.(next.value)) return;
      }
    } finally {
      await live.return?.();
    }
  }

  async *#readStored(): AsyncIterable<Envelope> {
    // Everything in the queue was published, so the store has it too; from here on the queue holds what comes after the fence.
    this.#behind = false;
    this.#live.clear();
    const fence = this.#ports.publishedSeq();
    const since = { seq: this.#lastSeq, timestamp: 0 };
    for await (const envelope of this.#ports.log.readEvents({ since, channels: this.#ports.channels })) {
      if (envelope.bookmark.seq > fence) break;
      if (this.#isWanted(envelope) || this.#ports.endAfter?.(envelope)) yield envelope;
    }
    this.#lastSeq = Math.max(this.#lastSeq, fence);
  }

  #deliver(envelope: Envelope): Envelope {
    this.#lastSeq = envelope.bookmark.seq;
    this.#ports.onDelivered(envelope);
    return envelope;
  }

  #isWanted({ event }: Envelope): boolean {
    return this.#channels.has(event.channel) && (!this.#kinds || this.#kinds.has(event.type));
  }
}

function mergeEnvelopes(last: Envelope, next: Envelope): Envelope | undefined {
  const event = mergeDeltas(last.event, next.event);
  return event && { ...next, event };
}
