import { plainEntities } from './htmlEntities';

/** A page, piece by piece. Comments, declarations and what is no text (scripts, styles) do not come. */
export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

/** Their content is no markup, and only the title is for reading. */
const rawElements = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'noembed', 'noframes', 'iframe']);
/** Longer tags are read as if they had no attributes. */
const maxTagCharacters = 20_000;

/** Reads each character once, whatever the page is: a broken tag ends it. */
export function* htmlTokens(html: string): Generator<HtmlToken, void, undefined> {
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open !== at) yield textToken(html.slice(at, open < 0 ? html.length : open));
    if (open < 0) return;
    const end = endOfMarkup(html, open);
    if (end === undefined) {
      yield { kind: 'text', text: '<' };
      at = open + 1;
      continue;
    }
    at = end;
    const token = tagToken(html.slice(open, end));
    if (!token) continue;
    yield token;
    if (token.kind !== 'open' || !rawElements.has(token.name)) continue;
    const closing = closingTag(html, token.name, at);
    if (token.name === 'title' || token.name === 'textarea') yield textToken(html.slice(at, closing));
    at = closing;
  }
}

function textToken(text: string): HtmlToken {
  return { kind: 'text', text: plainEntities(text) };
}

/** Behind a tag, comment or declaration; undefined: it is a plain `<`. */
function endOfMarkup(html: string, open: number): number | undefined {
  if (html.startsWith('<!--', open)) return after(html.indexOf('-->', open + 4), 3, html);
  if (/^[!?]/.test(html.charAt(open + 1))) return after(html.indexOf('>', open), 1, html);
  if (!/^<\/?[a-z]/i.test(html.slice(open, open + 3))) return undefined;
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
  return { kind: 'open', name: lower, attributes: attributesOf(tag.slice(name.length + 1)) };
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
