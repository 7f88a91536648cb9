import { plainEntities } from './htmlEntities';

/** A page, piece by piece. Comments, declarations and what is no text (scripts, styles) do not come; attributes only of links and images. */
export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

/** Their content is no markup, and only the title is for reading. */
const rawElements = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'noembed', 'noframes', 'iframe']);
/** Nobody asks for those of others. */
const withAttributes = new Set(['a', 'img']);
const none: ReadonlyMap<string, string> = new Map();
/** Longer tags are read as if they had no attributes. */
const maxTagCharacters = 20_000;

/** A text comes in pieces of about so many characters, so that none of them takes long. */
const pieceCharacters = 65_536;

/** Reads each character once, whatever the page is: a broken tag ends it. What is not for reading comes as empty text. */
export function* htmlTokens(html: string): Generator<HtmlToken, void, undefined> {
  let at = 0;
  let seen = 0;
  while (at < html.length) {
    const open = html.indexOf('<', seen);
    const end = open < 0 ? undefined : endOfMarkup(html, open);
    if (open >= 0 && end === undefined) {
      seen = open + 1;
      if (seen - at < pieceCharacters) continue;
      yield* textTokens(html.slice(at, seen));
      at = seen;
      continue;
    }
    yield* textTokens(html.slice(at, open < 0 ? html.length : open));
    if (end === undefined) return;
    at = seen = end;
    const token = tagToken(html.slice(open, end));
    yield token ?? nothing;
    if (token?.kind !== 'open' || !rawElements.has(token.name)) continue;
    const closing = closingTag(html, token.name, at);
    if (token.name === 'title' || token.name === 'textarea') yield* textTokens(html.slice(at, closing));
    at = seen = closing;
  }
}

const nothing: HtmlToken = { kind: 'text', text: '' };

function* textTokens(text: string): Generator<HtmlToken, void, undefined> {
  for (let at = 0; at < text.length;) {
    let end = at + pieceCharacters;
    // A character reference stays whole.
    const reference = end < text.length ? text.slice(end - longestReference, end).lastIndexOf('&') : -1;
    if (reference >= 0) end += reference - longestReference;
    yield { kind: 'text', text: plainEntities(text.slice(at, end)) };
    at = end;
  }
}

const longestReference = 12;

/** Behind a tag, comment or declaration; undefined: it is a plain `<`. */
function endOfMarkup(html: string, open: number): number | undefined {
  if (html.startsWith('<!--', open)) return after(html.indexOf('-->', open + 4), 3, html);
  const next = html.charCodeAt(open + 1);
  if (next === 0x21 || next === 0x3f) return after(html.indexOf('>', open), 1, html);
  if (!isLetter(next === 0x2f ? html.charCodeAt(open + 2) : next)) return undefined;
  let quote = '';
  for (let at = open + 1; at < html.length; at++) {
    const character = html.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '>') return at + 1;
    // Only a value can be quoted.
    else if ((character === '"' || character === "'") && /[=\s]/.test(html.charAt(at - 1))) quote = character;
  }
  return html.length;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function after(found: number, length: number, html: string): number {
  return found < 0 ? html.length : found + length;
}

function closingTag(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}

function tagToken(tag: string): HtmlToken | undefined {
  const [, slash, name] = /^<(\/?)([a-z][a-z0-9-]*)/i.exec(tag) ?? [];
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  if (slash === '/') return { kind: 'close', name: lower };
  return {
    kind: 'open',
    name: lower,
    attributes: withAttributes.has(lower) ? attributesOf(tag.slice(name.length + 1)) : none,
  };
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (text.length > maxTagCharacters) return found;
  for (const [, name = '', double, single, bare] of text.matchAll(
    /([^\s=>"'/]+)(?:\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g,
  )) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, plainEntities(double ?? single ?? bare ?? ''));
  }
  return found;
}
