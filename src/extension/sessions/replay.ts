import { setImmediate } from 'node:timers/promises';
import { isDelta, mergeDeltas, type Envelope } from '../../core/protocol/events';
import { reduce } from '../../core/protocol/reduce';
import type { SessionView } from '../../core/protocol/view';

/** For how long the editor may be kept from everything else. */
const sliceMs = 8;

/** What a replay brought. */
export interface Replayed {
  readonly view: SessionView;
  /** The events as they were taken, pieces of an answer joined; undefined: too many to tell of them one by one. */
  readonly envelopes: readonly Envelope[] | undefined;
}

/** More new events than these are not shown one by one. */
const maxTold = 200;

/**
 * Brings a view up to date with these events, and gives it away at the end: a long history never blocks the editor, and of a
 * damaged one there is what could be read. @throws what the reading throws.
 */
export async function replay(
  start: SessionView,
  envelopes: AsyncIterable<Envelope>,
  take: (replayed: Replayed) => void,
  signal: AbortSignal,
): Promise<void> {
  let view = start;
  let told: Envelope[] | undefined = [];
  try {
    for await (const envelope of merged(sliced(envelopes, signal))) {
      view = reduce(view, envelope);
      told = told && told.length < maxTold ? [...told, envelope] : undefined;
    }
  } finally {
    take({ view, envelopes: told });
  }
}

/** Lets the editor work after each slice. @throws the signal's reason. */
async function* sliced(envelopes: AsyncIterable<Envelope>, signal: AbortSignal): AsyncIterable<Envelope> {
  let sliceEnd = performance.now() + sliceMs;
  for await (const envelope of envelopes) {
    yield envelope;
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    signal.throwIfAborted();
    sliceEnd = performance.now() + sliceMs;
  }
}

/** A streamed answer is stored in many pieces; they are joined before the view is made, which copies its list each time. */
async function* merged(envelopes: AsyncIterable<Envelope>): AsyncIterable<Envelope> {
  let held: Envelope | undefined;
  for await (const envelope of envelopes) {
    const event = held && isDelta(envelope.event) ? mergeDeltas(held.event, envelope.event) : undefined;
    if (event) held = { ...envelope, event };
    else {
      if (held) yield held;
      held = envelope;
    }
  }
  if (held) yield held;
}
