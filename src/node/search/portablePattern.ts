/** One expression for two engines. */
export interface PortablePattern {
  /** For JavaScript, to be compiled with the flag `u`: it decides what matches. */
  readonly js: string;
  /** For ripgrep: matches at least in every line in which `js` does, also in files of old encodings, whose bytes are no UTF-8. */
  readonly rust: string;
}

/** Text that stands for itself; undefined where ripgrep cannot be given it. */
export function portableText(text: string): PortablePattern | undefined {
  if (/\p{Cs}/u.test(text)) return undefined;
  return together(Array.from(text, literal));
}

/**
 * A JavaScript regular expression, spelled for both engines; also what only old JavaScript takes (`\-`, a lone `{`). Undefined
 * where they differ (looking around, referring back, `\B`, line breaks, ...), and for what is no expression.
 */
export function portableRegex(source: string): PortablePattern | undefined {
  const parts: PortablePattern[] = [];
  let rest = source;
  while (rest !== '') {
    const found = nextPart(rest);
    if (!found) return undefined;
    parts.push(found.part);
    rest = rest.slice(found.length);
  }
  const whole = together(parts);
  return whole && isValid(whole.js) ? whole : undefined;
}

/** Longer ones do not fit into a command line everywhere. */
const maxCharacters = 8_000;

interface FoundPart {
  readonly part: PortablePattern;
  readonly length: number;
}

function nextPart(rest: string): FoundPart | undefined {
  const [first = ''] = rest;
  if (first === '\\') return escapeAt(rest);
  if (first === '[') return classAt(rest);
  if (first === '(') return groupAt(rest);
  if (first === '{') return countAt(rest) ?? { part: literal(first), length: 1 };
  if (first === '.') return { part: { js: '.', rust: orRawByte('.') }, length: 1 };
  // ripgrep's own way to know CRLF would take every other `\r` for a line end, too.
  if (first === '$') return { part: { js: '$', rust: String.raw`(?:\r?$)` }, length: 1 };
  if ('^|)*+?'.includes(first)) return { part: { js: first, rust: first }, length: 1 };
  return /\p{Cs}/u.test(first) ? undefined : { part: literal(first), length: first.length };
}

/** Groups are not looked at, so all are alike. */
function groupAt(rest: string): FoundPart | undefined {
  const [start = '('] = /^\((\?:|\?<[A-Za-z_]\w*>)?/.exec(rest) ?? [];
  if (start === '(' && rest.startsWith('(?')) return undefined;
  return { part: { js: '(?:', rust: '(?:' }, length: start.length };
}

function countAt(rest: string): FoundPart | undefined {
  const [count] = /^\{\d{1,3}(,(\d{1,3})?)?\}/.exec(rest) ?? [];
  return count === undefined ? undefined : { part: { js: count, rust: count }, length: count.length };
}

// ripgrep's own classes know all of Unicode, JavaScript's do not.
const digits = '0-9';
const words = 'A-Za-z0-9_';
const blanks = String.raw`\t\n\x0b\x0c\r \xa0\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}`;
const classes = new Map([
  ['d', `[${digits}]`],
  ['D', `[^${digits}]`],
  ['w', `[${words}]`],
  ['W', `[^${words}]`],
  ['s', `[${blanks}]`],
  ['S', `[^${blanks}]`],
]);

function escapeAt(rest: string): FoundPart | undefined {
  const name = rest[1] ?? '';
  const rust = classes.get(name);
  if (rust !== undefined)
    return { part: { js: `\\${name}`, rust: 'dw'.includes(name) ? rust : orRawByte(rust) }, length: 2 };
  if (name === 'b') return { part: { js: '\\b', rust: String.raw`(?-u:\b)` }, length: 2 };
  const [property] = /^\\[pP]\{[LMNPSZC][a-z]?\}/.exec(rest) ?? [];
  if (property !== undefined) return { part: { js: property, rust: orRawByte(property) }, length: property.length };
  const character = characterAt(rest);
  // Lines are looked at one by one, without their ends.
  if (!character || /[\r\n]/.test(character.text)) return undefined;
  return { part: literal(character.text), length: character.length };
}

interface FoundCharacter {
  readonly text: string;
  readonly length: number;
}
const controls = new Map(Object.entries({ t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }));

/** One character, as it stands or escaped. */
function characterAt(rest: string): FoundCharacter | undefined {
  const [first = ''] = rest;
  if (/\p{Cs}/u.test(first)) return undefined;
  if (first !== '\\') return { text: first, length: first.length };
  const [whole, hex] =
    /^\\(?:x([\da-fA-F]{2}))/.exec(rest) ??
    /^\\u([\da-fA-F]{4})/.exec(rest) ??
    /^\\u\{([\da-fA-F]{1,6})\}/.exec(rest) ??
    [];
  if (whole !== undefined && hex !== undefined) {
    const code = Number.parseInt(hex, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    return { text: String.fromCodePoint(code), length: whole.length };
  }
  const name = rest[1] ?? '';
  const text = controls.get(name) ?? (/^[!-/:-@[-`{-~ ]$/.test(name) ? name : undefined);
  return text === undefined ? undefined : { text, length: 2 };
}

function classAt(start: string): FoundPart | undefined {
  const isNegated = start.startsWith('[^');
  let rest = start.slice(isNegated ? 2 : 1);
  if (rest.startsWith(']')) return undefined; // Nothing, or anything: only JavaScript has these.
  const members: PortablePattern[] = [];
  let mayBeRaw = isNegated;
  while (!rest.startsWith(']')) {
    const found = memberAt(rest);
    if (!found) return undefined;
    members.push(found.part);
    mayBeRaw ||= found.mayBeRaw;
    rest = rest.slice(found.length);
  }
  const js = `[${isNegated ? '^' : ''}${members.map((member) => member.js).join('')}]`;
  const rust = `[${isNegated ? '^' : ''}${members.map((member) => member.rust).join('')}]`;
  return { part: { js, rust: mayBeRaw ? orRawByte(rust) : rust }, length: start.length - rest.length + 1 };
}

/** A class, a character or a range of them, within brackets. */
function memberAt(rest: string): (FoundPart & { readonly mayBeRaw: boolean }) | undefined {
  const named = rest.startsWith('\\') ? classes.get(rest[1] ?? '') : undefined;
  if (named !== undefined) {
    if (/^..-[^\]]/s.test(rest)) return undefined;
    return { part: { js: rest.slice(0, 2), rust: named }, length: 2, mayBeRaw: !/^\\[dw]/.test(rest) };
  }
  // Within brackets it is the backspace.
  const low = rest.startsWith('\\b') ? { text: '\b', length: 2 } : characterAt(rest);
  if (!low || rest === '') return undefined;
  const after = rest.slice(low.length);
  const isRange = /^-[^\]]/s.test(after);
  if (!isRange) return { part: inBrackets(low.text), length: low.length, mayBeRaw: low.text > '\x7f' };
  const high = characterAt(after.slice(1));
  if (!high || (classes.has(after[2] ?? '') && after[1] === '\\')) return undefined;
  const [from, to] = [inBrackets(low.text), inBrackets(high.text)];
  return {
    part: { js: `${from.js}-${to.js}`, rust: `${from.rust}-${to.rust}` },
    length: low.length + 1 + high.length,
    mayBeRaw: high.text > '\x7f',
  };
}

function literal(text: string): PortablePattern {
  const escaped = inBrackets(text);
  return text > '\x7f' ? { ...escaped, rust: orRawByte(escaped.rust) } : escaped;
}

/** Letters and digits stand for themselves, everything else by its number: then nothing has a second meaning. */
function inBrackets(text: string): PortablePattern {
  if (/^[A-Za-z0-9_]$/.test(text)) return { js: text, rust: text };
  const escape = `\\u{${(text.codePointAt(0) ?? 0).toString(16)}}`;
  return { js: escape, rust: escape };
}

/** Files that are no UTF-8 are read as Latin-1: there each such byte is a character. */
const orRawByte = (rust: string): string => String.raw`(?:${rust}|(?-u:[\x80-\xff]))`;

function together(parts: readonly PortablePattern[]): PortablePattern | undefined {
  const whole = { js: parts.map(({ js }) => js).join(''), rust: parts.map(({ rust }) => rust).join('') };
  return whole.rust.length > maxCharacters ? undefined : whole;
}

function isValid(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}
