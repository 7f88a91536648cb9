import { setImmediate } from 'node:timers/promises';
import { isDelta, mergeDeltas, type Envelope } from '../../core/protocol/events';
import { reduce } from '../../core/protocol/reduce';
import type { SessionView } from '../../core/protocol/view';

/** For how long the editor may be kept from everything else. */
const sliceMs = 8;

/**
 * Brings a view up to date with these events, and gives it away after each slice of work and at the end: a long history never
 * blocks the editor, and of a damaged one there is what could be read. @throws what the reading throws.
 */
export async function replay(
  start: SessionView,
  envelopes: AsyncIterable<Envelope>,
  take: (view: SessionView) => void,
  signal: AbortSignal,
): Promise<void> {
  let view = start;
  let sliceEnd = performance.now() + sliceMs;
  try {
    for await (const envelope of merged(envelopes)) {
      view = reduce(view, envelope);
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      signal.throwIfAborted();
      sliceEnd = performance.now() + sliceMs;
    }
  } finally {
    take(view);
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
