const flushMs = 100;
const overwrittenMs = 1_000;
const maxFlushCharacters = 16_000;
const maxTotalCharacters = 500_000;

/**
 * Passes output on while a command runs, in pieces of at most 16,000 characters ten times a second and 500,000 in all: what
 * listens may store every piece. The command's result has the head and the tail in any case.
 */
export class LiveOutput {
  readonly #onOutput: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #currentLines: () => string;
  #waiting = '';
  #shownCurrent = '';
  #shownAtMs = 0;
  #total = 0;

  /** `currentLines`: what has no line end yet. */
  constructor(onOutput: (text: string) => void, currentLines: () => string) {
    this.#onOutput = onOutput;
    this.#currentLines = currentLines;
    this.#timer = setInterval(() => this.#flush(this.#currentLines()), flushMs);
    this.#timer.unref();
  }

  add(text: string): void {
    if (text === '') return;
    // What was shown of the first line before it was complete is not shown twice.
    const rest = text.startsWith(this.#shownCurrent) ? text.slice(this.#shownCurrent.length) : `\n${text}`;
    this.#shownCurrent = '';
    this.#waiting = (this.#waiting + rest).slice(-4 * maxFlushCharacters);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#flush('');
  }

  #flush(current: string): void {
    const text = this.#waiting + this.#unseenOf(current);
    this.#waiting = '';
    if (text === '' || this.#total > maxTotalCharacters) return;
    this.#total += text.length;
    const shown =
      text.length > maxFlushCharacters ? `[…]\n${text.slice(-maxFlushCharacters).replace(/^\p{Cs}/u, '')}` : text;
    this.#onOutput(shown);
    if (this.#total > maxTotalCharacters) this.#onOutput('\n[… no more live output: see the result …]\n');
  }

  /** A line that was overwritten, a progress bar for example, is shown again once a second. */
  #unseenOf(current: string): string {
    const grown = current.startsWith(this.#shownCurrent);
    if (!grown && (current === '' || performance.now() - this.#shownAtMs < overwrittenMs)) return '';
    const unseen = grown ? current.slice(this.#shownCurrent.length) : `\n${current}`;
    if (unseen !== '') this.#shownAtMs = performance.now();
    this.#shownCurrent = current;
    return unseen;
  }
}
