import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { AgentId, MessageId } from '../../core/protocol/ids';
import type { SessionView } from '../../core/protocol/view';

/**
 * What a person did to a card (unfolded it, began to write a reason). It is kept beside the list, because the virtual
 * list throws away the elements that scroll out of sight.
 */
export interface CardMemory {
  /** Whether the card of the shown session was unfolded or folded by hand; undefined as long as the card decides for itself. */
  unfolded(key: string): Signal<boolean | undefined>;
  /** The reason that is being written for a rejection; undefined as long as the field is closed. */
  reason(permissionId: string): Signal<string | undefined>;
  /** The message before which the person may want to go back to, as long as they are asked whether they mean it. */
  readonly rewinding: Signal<MessageId | undefined>;
  /** How many rows of answers to open questions are what the person looks at. */
  readonly answersInSight: Signal<number>;
}

type Entries<T> = Map<string, Signal<T | undefined>>;

/** Of so many sessions it is remembered what was unfolded. */
const rememberedSessions = 8;

export function createCardMemory(session: ReadonlySignal<SessionView | undefined>): CardMemory {
  const flagsBySession = new Map<AgentId | undefined, Entries<boolean>>();
  const reasons: Entries<string> = new Map();
  /** The shown session's; those of the session that was left the longest time ago are forgotten. */
  const flags = (): Entries<boolean> => {
    const sessionId = session.peek()?.sessionId;
    const known = flagsBySession.get(sessionId) ?? new Map<string, Signal<boolean | undefined>>();
    flagsBySession.delete(sessionId);
    flagsBySession.set(sessionId, known);
    for (const oldest of [...flagsBySession.keys()].slice(0, -rememberedSessions)) flagsBySession.delete(oldest);
    return known;
  };
  return {
    unfolded: (key) => entry(flags(), key),
    reason: (permissionId) => entry(reasons, permissionId),
    rewinding: signal(undefined),
    answersInSight: signal(0),
  };
}

function entry<T>(signals: Entries<T>, key: string): Signal<T | undefined> {
  const known = signals.get(key);
  if (known) return known;
  const made = signal<T | undefined>(undefined);
  signals.set(key, made);
  return made;
}
