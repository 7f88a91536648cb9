import type { Message } from '../protocol/messages';
import { fingerprint } from '../util/fingerprint';
import type { Batch } from './store';

/** How many of the last messages are looked at again although they are the same objects: what is being written grows there. */
const lookedAtAgain = 2;

/** What is known of a stored conversation, so that saving all of it again costs what is new. */
export class SavedMessages {
  /** The objects that were saved, where they are known. */
  readonly #references: (Message | undefined)[];
  readonly #prints: string[];

  /** @param stored the whole conversation as it is stored. */
  constructor(stored: readonly Message[]) {
    this.#references = stored.map(() => undefined);
    this.#prints = stored.map(printOf);
  }

  /** What has to be written so that the store holds `all`; undefined: nothing. It is taken for written: after a failure to write it, throw this object away. */
  next(all: readonly Message[]): Pick<Batch, 'keepMessages' | 'messages'> | undefined {
    const known = this.#prints.length;
    const same = this.#sameUntil(all);
    if (same === known && all.length === known) return undefined;
    const messages = all.slice(same);
    this.#prints.length = same;
    this.#references.length = same;
    for (const message of messages) {
      this.#prints.push(printOf(message));
      this.#references.push(message);
    }
    return same === known ? { messages } : { keepMessages: same, messages };
  }

  #sameUntil(all: readonly Message[]): number {
    const known = this.#prints.length;
    // Counted by hand: this runs over the whole conversation with every save.
    for (let place = 0; place < known; place++) {
      const message = all[place];
      if (message === undefined) return place;
      if (message === this.#references[place] && place < known - lookedAtAgain) continue;
      if (printOf(message) !== this.#prints[place]) return place;
      this.#references[place] = message;
    }
    return known;
  }
}

function printOf(message: Message): string {
  return fingerprint(JSON.stringify(message));
}
