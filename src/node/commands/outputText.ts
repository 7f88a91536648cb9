import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Beyond this a line without end is passed on in pieces. */
const maxPendingCharacters = 8_192;
/** The longest escape sequence that may be waiting for its other half. */
const maxEscapeCharacters = 256;

const escape = String.fromCharCode(27);
/** Device control, start of string, privacy message, application command: their contents are not text either. */
const controlStrings = new RegExp(`${escape}[PX^_][^${escape}]*(?:${escape}\\\\|$)`, 'g');

/**
 * Turns one stream's bytes into lines as a person would see them: characters that were split over chunks are healed, escape
 * sequences and control characters removed, and of what was overwritten with `\r` only the last stays.
 */
export class OutputText {
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';

  /** Complete lines, each with its `\n`; what comes after the last line end waits. */
  write(bytes: Buffer): string {
    this.#pending += this.#decoder.write(bytes).replaceAll('\r\n', '\n');
    const lineEnd = this.#pending.lastIndexOf('\n');
    const complete = this.#take(lineEnd + 1);
    if (this.#pending.length <= maxPendingCharacters) return complete;
    this.#dropOverwritten();
    return complete + (this.#pending.length <= maxPendingCharacters ? '' : this.#take(this.#cutPosition()));
  }

  /** The line that is not complete yet, as it looks now. */
  get current(): string {
    return visible(this.#pending);
  }

  end(): string {
    this.#pending += this.#decoder.end();
    return this.#take(this.#pending.length);
  }

  #take(length: number): string {
    const taken = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    return taken.split('\n').map(visible).join('\n');
  }

  #dropOverwritten(): void {
    const lastReturn = this.#pending.lastIndexOf('\r', this.#pending.length - 2);
    this.#pending = this.#pending.slice(lastReturn + 1);
  }

  /** Not inside of an escape sequence that is about to be completed, nor of a surrogate pair or a CRLF. */
  #cutPosition(): number {
    const start = this.#pending.lastIndexOf(escape);
    if (start > 0 && this.#pending.length - start < maxEscapeCharacters) return start;
    return this.#pending.endsWith('\r') ? this.#pending.length - 1 : this.#pending.length;
  }
}

function visible(line: string): string {
  const plain = stripVTControlCharacters(line.includes(escape) ? line.replace(controlStrings, '') : line);
  const last = plain.includes('\r') ? (plain.split('\r').findLast((part) => part !== '') ?? '') : plain;
  return last.replace(/[^\P{Cc}\t]/gu, '');
}
