import {
  allChannels,
  type AgentEvent,
  type Bookmark,
  type Channel,
  type Envelope,
  type EventOf,
} from '../protocol/events';
import type { MessageId } from '../protocol/ids';
import type { SessionLog } from '../store/store';
import { Subscription } from './subscription';

/** Hears of one type of event; what it throws is told as an `error` event. */
export type EventHandler<Type extends AgentEvent['type']> = (event: EventOf<Type>) => void | Promise<void>;

/** Where a subscription begins, and what it is told of. */
export interface SubscribeOptions {
  /** Events strictly after this place. Default: see `EventHub.subscribe`. */
  readonly since?: Bookmark;
  readonly kinds?: readonly AgentEvent['type'][];
}

const rememberedTurns = 1_000;

/** Hands published events to listeners and subscriptions, and knows which turn's events nobody has seen yet. */
export class EventHub {
  readonly #log: Pick<SessionLog, 'readEvents'>;
  readonly #publishedSeq: () => number;
  readonly #onHandlerError: (error: unknown, event: AgentEvent) => void;
  readonly #handlers = new Map<string, Set<(event: AgentEvent) => void | Promise<void>>>();
  readonly #subscriptions = new Set<Subscription>();
  #runningTurnStart: number | undefined;
  #unseenTurnStart: number | undefined;
  #runningMessage: MessageId | undefined;
  /** Where the last turns ended, by the message that started them. */
  readonly #doneSeqs = new Map<MessageId, number>();
  #lastBookmark: Bookmark | undefined;

  constructor(
    log: Pick<SessionLog, 'readEvents'>,
    publishedSeq: () => number,
    onHandlerError: (error: unknown, event: AgentEvent) => void,
  ) {
    this.#log = log;
    this.#publishedSeq = publishedSeq;
    this.#onHandlerError = onHandlerError;
  }

  get lastBookmark(): Bookmark | undefined {
    return this.#lastBookmark;
  }

  /** Resolves when every handler of this event has returned. Handlers that throw are reported, never let through. */
  publish(envelope: Envelope): Promise<void> {
    const { event } = envelope;
    if (event.type === 'user_message') {
      this.#runningMessage = event.message.id;
      this.#runningTurnStart = envelope.bookmark.seq - 1;
      this.#unseenTurnStart = this.#runningTurnStart;
    } else if (event.type === 'done') {
      this.#runningTurnStart = undefined;
      if (this.#runningMessage) this.#noteDone(this.#runningMessage, envelope.bookmark.seq);
    }
    this.#lastBookmark = envelope.bookmark;
    for (const subscription of this.#subscriptions) subscription.offer(envelope);
    return this.#callHandlers(event);
  }

  /** Calls the handlers of an event that is nobody's history. */
  tell(event: AgentEvent): Promise<void> {
    return this.#callHandlers(event);
  }

  on<Type extends AgentEvent['type']>(type: Type, handler: EventHandler<Type>): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    const wrapped = (event: AgentEvent): void | Promise<void> => {
      if (isOfType(event, type)) return handler(event);
    };
    handlers.add(wrapped);
    return () => handlers.delete(wrapped);
  }

  /**
   * A stream of events that never ends by itself. Without `since` it starts with the running turn; if none runs, with the
   * last turn whose `done` no subscription has delivered; else with what comes.
   */
  subscribe(
    channels: readonly Channel[] = allChannels,
    opts: SubscribeOptions = {},
    endAfter?: (envelope: Envelope) => boolean,
  ): Subscription {
    const subscription = new Subscription({
      log: this.#log,
      publishedSeq: this.#publishedSeq,
      channels,
      kinds: opts.kinds,
      sinceSeq: opts.since?.seq ?? this.#runningTurnStart ?? this.#unseenTurnStart ?? this.#publishedSeq(),
      ...(endAfter && { endAfter }),
      onDelivered: ({ event }) => {
        if (event.type === 'done') this.#unseenTurnStart = undefined;
      },
      onClosed: (closed) => this.#subscriptions.delete(closed),
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Whether this is the end of the turn that this message started or would have; known of the last turns that ended. */
  isEndOf(messageId: MessageId, { bookmark, event }: Envelope): boolean {
    if (event.type === 'message_dropped') return event.messageId === messageId;
    return this.#doneSeqs.get(messageId) === bookmark.seq;
  }

  /** Whether a turn runs, or ended without anybody having seen it. */
  get hasTurnToShow(): boolean {
    return this.#runningTurnStart !== undefined || this.#unseenTurnStart !== undefined;
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.end();
    this.#subscriptions.clear();
    this.#handlers.clear();
  }

  #noteDone(messageId: MessageId, seq: number): void {
    this.#doneSeqs.set(messageId, seq);
    const [oldest] = this.#doneSeqs.keys();
    if (this.#doneSeqs.size > rememberedTurns && oldest !== undefined) this.#doneSeqs.delete(oldest);
  }

  async #callHandlers(event: AgentEvent): Promise<void> {
    const handlers = this.#handlers.get(event.type);
    if (!handlers) return;
    await Promise.all(
      [...handlers].map(async (handler) => {
        try {
          await handler(event);
        } catch (error) {
          this.#onHandlerError(error, event);
        }
      }),
    );
  }
}

function isOfType<Type extends AgentEvent['type']>(event: AgentEvent, type: Type): event is EventOf<Type> {
  return event.type === type;
}
