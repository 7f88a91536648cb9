const headCharacters = 32 * 1024;
const tailCharacters = 32 * 1024;

/** Keeps the first and the last 32 K characters of a text that may be endless. */
export class BoundedOutput {
  #head = '';
  #tail = '';
  #omitted = 0;

  add(text: string): void {
    const room = headCharacters - this.#head.length;
    if (room > 0 && text.length > 0) {
      const cut = safeCut(text, room);
      this.#head += text.slice(0, cut);
      // A cut before a surrogate pair fills the head, too.
      if (cut < text.length) this.#addToTail(text.slice(cut));
    } else this.#addToTail(text);
  }

  /** The text, with the number of characters that were left out between its two parts. */
  toString(): string {
    this.#trimTail(tailCharacters);
    if (this.#omitted === 0) return this.#head + this.#tail;
    const count = this.#omitted.toLocaleString('en-US');
    return `${this.#head}\n[… ${count} characters left out …]\n${this.#tail}`;
  }

  #addToTail(text: string): void {
    this.#tail += text;
    if (this.#tail.length > 4 * tailCharacters) this.#trimTail(tailCharacters);
  }

  #trimTail(limit: number): void {
    if (this.#tail.length <= limit) return;
    const cut = safeCut(this.#tail, this.#tail.length - limit);
    this.#omitted += cut;
    this.#tail = this.#tail.slice(cut);
  }
}

/** The last 64 K characters since the last look. */
export class RecentOutput {
  #text = '';
  #omitted = 0;

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > 4 * recentCharacters) this.#trim();
  }

  take(): string {
    this.#trim();
    const count = this.#omitted.toLocaleString('en-US');
    const taken = this.#omitted === 0 ? this.#text : `[… ${count} characters left out …]\n${this.#text}`;
    this.#text = '';
    this.#omitted = 0;
    return taken;
  }

  #trim(): void {
    if (this.#text.length <= recentCharacters) return;
    const cut = safeCut(this.#text, this.#text.length - recentCharacters);
    this.#omitted += cut;
    this.#text = this.#text.slice(cut);
  }
}

const recentCharacters = 64 * 1024;

/** A position at or right before `position` that is not in the middle of a surrogate pair. */
function safeCut(text: string, position: number): number {
  const before = text.charCodeAt(position - 1);
  return position < text.length && before >= 0xd800 && before <= 0xdbff ? position - 1 : position;
}
