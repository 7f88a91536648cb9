/** Longest wait for problems, in milliseconds. */
const longestMs = 2_000;
const shortestMs = 400;

/** What speaks for somebody looking at a language's files. */
export type Expectation = 'somebody' | 'nobody known';

/**
 * How long it is worth waiting for news of a language's problems: nobody says when they have looked and found nothing. Who
 * was heard is waited for twice as long as they took lately; a language that nobody speaks for costs little, and next to
 * nothing once it has been silent three times.
 */
export class NewsTimes {
  readonly #heard = new Map<string, readonly number[]>();
  readonly #silences = new Map<string, number>();

  /** Milliseconds. */
  waitFor(languageId: string, expected: Expectation): number {
    const heard = this.#heard.get(languageId);
    if (heard) return Math.min(Math.max(2 * Math.max(...heard), shortestMs), longestMs);
    const silences = this.#silences.get(languageId) ?? 0;
    // Who is expected may be starting. Who looks says so even of a clean file: after three silences nobody does.
    if (silences >= 3) return 100;
    return expected === 'somebody' ? longestMs / (silences + 1) : 600;
  }

  /** Whether anybody was heard: then silence means that nothing has changed. */
  knows(languageId: string): boolean {
    return this.#heard.has(languageId);
  }

  heard(languageId: string, afterMs: number): void {
    this.#heard.set(languageId, [...(this.#heard.get(languageId) ?? []), afterMs].slice(-5));
  }

  silent(languageId: string): void {
    this.#silences.set(languageId, (this.#silences.get(languageId) ?? 0) + 1);
  }
}
