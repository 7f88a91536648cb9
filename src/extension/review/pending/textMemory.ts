import { nowOf, type Review } from '../../../core/edits/review';
import { fingerprint } from '../../../core/util/fingerprint';
import { withLineFeeds } from '../../lineEnds';
import { stands } from './follow';

const maxReviews = 50;
const maxCharacters = 10_000_000;

/**
 * The reviews of one file by the text that stood there, so that undo and redo bring back exactly the hunks that were there.
 * Typing does not drive out what was landed or decided: of each kind the last 50, and at most 10 million characters.
 */
export class TextMemory {
  readonly #moments = new Map<string, Review>();
  readonly #typed = new Map<string, Review>();

  /** 'moment': something landed, was decided or read from disk; 'typed': a key was pressed. */
  remember(review: Review, kind: 'moment' | 'typed'): void {
    const text = nowOf(review);
    const key = keyOf(text);
    if (kind === 'typed' && this.#moments.has(key)) return;
    const kept = kind === 'moment' ? this.#moments : this.#typed;
    kept.delete(key);
    kept.set(key, review);
    const most = Math.min(maxReviews, Math.max(2, Math.floor(maxCharacters / (text.length + 1))));
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - most))) kept.delete(oldest);
  }

  /** The review as it was when this text stood there. */
  find(text: string): Review | undefined {
    const key = keyOf(text);
    const found = this.#moments.get(key) ?? this.#typed.get(key);
    return found && stands(found, text) ? found : undefined;
  }

  /** What is decided holds for what undo brings back as well. `change` leaves the texts as they are. */
  update(change: (review: Review) => Review): void {
    for (const kept of [this.#moments, this.#typed]) for (const [key, review] of kept) kept.set(key, change(review));
  }
}

function keyOf(text: string): string {
  return fingerprint(withLineFeeds(text));
}
