import { signal, type Signal } from '@preact/signals';

/**
 * What a person did to a card (unfolded it, began to write a reason). It is kept beside the list, because the virtual
 * list throws away the elements that scroll out of sight.
 */
export interface CardMemory {
  /** The signal of this name, made with `initial` when it is asked for first. */
  flag(name: string, initial: boolean): Signal<boolean>;
  text(name: string): Signal<string>;
}

export function createCardMemory(): CardMemory {
  const flags = new Map<string, Signal<boolean>>();
  const texts = new Map<string, Signal<string>>();
  return {
    flag: (name, initial) => entry(flags, name, initial),
    text: (name) => entry(texts, name, ''),
  };
}

function entry<T>(signals: Map<string, Signal<T>>, name: string, initial: T): Signal<T> {
  const known = signals.get(name);
  if (known) return known;
  const made = signal(initial);
  signals.set(name, made);
  return made;
}
