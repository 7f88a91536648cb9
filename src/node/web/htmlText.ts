import { setImmediate as pause } from 'node:timers/promises';
import { safeStart } from '../../core/util/safeStart';
import { htmlTokens, type HtmlToken } from './htmlTokens';
import { parseUrl } from './parseUrl';

const maxCharacters = 2 * 1024 * 1024;
const workMs = 5;

/**
 * The readable text of a page, with headings, lists, code and links in the style of Markdown; 2 MB of it at most. Takes time in
 * proportion to the page's length, whatever is in it, and lets others work every 5 ms.
 * @param base where the page stands: links are made absolute; only http and https ones are kept
 * @throws the signal's reason.
 */
export async function htmlText(
  html: string,
  base: URL,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly truncated: boolean }> {
  const writer = new TextWriter(base);
  let start = performance.now();
  for (const token of htmlTokens(html)) {
    writer.add(token);
    if (writer.length > maxCharacters) return { text: safeStart(writer.text(), maxCharacters), truncated: true };
    if (performance.now() - start < workMs) continue;
    await pause();
    signal.throwIfAborted();
    start = performance.now();
  }
  return { text: writer.text(), truncated: false };
}

const blocks = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody tfoot thead title tr ul'.split(
    ' ',
  ),
);
/** Nothing in them is for reading; the browser's own fallbacks neither. */
const unseen = new Set('svg math template object canvas audio video select datalist'.split(' '));
const maxLinkCharacters = 500;
const maxListDepth = 8;

class TextWriter {
  readonly #base: URL;
  readonly #parts: string[] = [];
  #length = 0;
  /** The element that hides everything until it is closed, and how often it is open. */
  #hidden: { readonly name: string; depth: number } | undefined;
  #preDepth = 0;
  #listDepth = 0;
  #breaks: '' | '\n' | '\n\n' = '';
  #blank = false;
  #lineEmpty = true;
  #link: string | undefined;

  constructor(base: URL) {
    this.#base = base;
  }

  /** Characters so far. */
  get length(): number {
    return this.#length;
  }

  text(): string {
    return this.#parts.join('').trim();
  }

  add(token: HtmlToken): void {
    if (token.kind === 'text') {
      if (!this.#hidden && token.text !== '') this.#addText(token.text);
      return;
    }
    if (this.#isHidden(token)) return;
    if (token.kind === 'open') this.#open(token.name, token.attributes);
    else this.#close(token.name);
  }

  #isHidden(token: Exclude<HtmlToken, { kind: 'text' }>): boolean {
    const hidden = this.#hidden;
    if (!hidden) {
      if (token.kind === 'open' && unseen.has(token.name)) this.#hidden = { name: token.name, depth: 1 };
      return this.#hidden !== undefined;
    }
    if (token.name === hidden.name) hidden.depth += token.kind === 'open' ? 1 : -1;
    if (hidden.depth === 0) this.#hidden = undefined;
    return true;
  }

  #open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (blocks.has(name)) this.#break(name === 'li' || name === 'tr' || name === 'dt' || name === 'dd' ? '\n' : '\n\n');
    const heading = /^h([1-6])$/.exec(name)?.[1];
    if (heading !== undefined) this.#write(`${'#'.repeat(Number(heading))} `);
    else if (name === 'title') this.#write('# ');
    else if (name === 'br') this.#break('\n');
    else if (name === 'hr') this.#write('---');
    else if (name === 'li') this.#write(`${'  '.repeat(Math.min(Math.max(this.#listDepth - 1, 0), maxListDepth))}- `);
    else if (name === 'ul' || name === 'ol') this.#listDepth += 1;
    else if (name === 'td' || name === 'th') this.#cell();
    else if (name === 'code' && this.#preDepth === 0) this.#write('`');
    else if (name === 'img') this.#image(attributes.get('alt') ?? '');
    else if (name === 'a') this.#openLink(attributes.get('href'));
    else if (name === 'pre') {
      if (this.#preDepth === 0) this.#write('```\n');
      this.#preDepth += 1;
    }
  }

  #close(name: string): void {
    if (name === 'a') this.#closeLink();
    else if (name === 'code' && this.#preDepth === 0) this.#push('`');
    else if (name === 'ul' || name === 'ol') this.#listDepth = Math.max(0, this.#listDepth - 1);
    else if (name === 'pre' && this.#preDepth > 0) {
      this.#preDepth -= 1;
      if (this.#preDepth === 0) this.#push('\n```');
    }
    if (blocks.has(name)) this.#break(name === 'li' || name === 'tr' || name === 'dt' || name === 'dd' ? '\n' : '\n\n');
  }

  #addText(text: string): void {
    if (this.#preDepth > 0) {
      this.#write(text);
      return;
    }
    const words = text.replace(/\s+/g, ' ');
    if (words.startsWith(' ')) this.#blank = true;
    const trimmed = words.trim();
    if (trimmed !== '') this.#write(trimmed);
    if (words.endsWith(' ')) this.#blank = true;
  }

  #cell(): void {
    if (!this.#lineEmpty && this.#breaks === '') this.#push(' | ');
    this.#blank = false;
  }

  #image(alt: string): void {
    const words = alt.replace(/\s+/g, ' ').trim();
    if (words !== '') this.#write(`[image: ${words}]`);
  }

  #openLink(href: string | undefined): void {
    this.#closeLink();
    this.#link = href === undefined ? undefined : this.#absolute(href);
    if (this.#link !== undefined) this.#write('[');
  }

  #closeLink(): void {
    if (this.#link !== undefined) this.#push(`](${this.#link})`);
    this.#link = undefined;
  }

  /** Undefined for what leads to no page, or only to another place of this one. */
  #absolute(href: string): string | undefined {
    if (href.length > maxLinkCharacters || href.startsWith('#')) return undefined;
    const url = parseUrl(href, this.#base);
    return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
  }

  #break(kind: '\n' | '\n\n'): void {
    if (this.#preDepth > 0) {
      this.#write('\n');
      return;
    }
    if (kind.length > this.#breaks.length) this.#breaks = kind;
    this.#blank = false;
  }

  #push(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  /** With what stands open between it and the text before it. */
  #write(text: string): void {
    if (this.#parts.length > 0 && this.#breaks !== '') this.#push(this.#breaks);
    else if (this.#blank && !this.#lineEmpty) this.#push(' ');
    this.#lineEmpty = text === '' && (this.#lineEmpty || this.#breaks !== '');
    this.#breaks = '';
    this.#blank = false;
    if (text !== '') this.#push(text);
  }
}
