import { signal, type Signal } from '@preact/signals';
import type { MessageId } from '../../core/protocol/ids';

/**
 * What a person did to a card (unfolded it, began to write a reason). It is kept beside the list, because the virtual
 * list throws away the elements that scroll out of sight.
 */
export interface CardMemory {
  /** Whether the card was unfolded or folded by hand; undefined as long as the card decides for itself. */
  unfolded(key: string): Signal<boolean | undefined>;
  /** The reason that is being written for a rejection; undefined as long as the field is closed. */
  reason(permissionId: string): Signal<string | undefined>;
  /** The message before which the person may want to go back to, as long as they are asked whether they mean it. */
  readonly rewinding: Signal<MessageId | undefined>;
}

export function createCardMemory(): CardMemory {
  const flags = new Map<string, Signal<boolean | undefined>>();
  const reasons = new Map<string, Signal<string | undefined>>();
  return {
    unfolded: (key) => entry(flags, key),
    reason: (permissionId) => entry(reasons, permissionId),
    rewinding: signal(undefined),
  };
}

function entry<T>(signals: Map<string, Signal<T | undefined>>, key: string): Signal<T | undefined> {
  const known = signals.get(key);
  if (known) return known;
  const made = signal<T | undefined>(undefined);
  signals.set(key, made);
  return made;
}
