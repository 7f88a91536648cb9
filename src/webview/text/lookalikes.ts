/** A character that is taken for one of ASCII. */
export interface Lookalike {
  readonly character: string;
  readonly looksLike: string;
}

/** Letters of other scripts that most fonts draw like this one. A choice of the common ones: Cyrillic, Greek, Armenian, Latin. */
const drawnLike: Readonly<Record<string, string>> = {
  a: 'аαɑ',
  b: 'ЬƄ',
  c: 'сϲ',
  d: 'ԁɗ',
  e: 'еҽ',
  g: 'ɡց',
  h: 'һհ',
  i: 'іıɩι',
  j: 'јϳ',
  k: 'кκ',
  l: 'ӏǀ',
  m: 'м',
  n: 'ո',
  o: 'оοօ',
  p: 'рρ',
  q: 'ԛգ',
  r: 'гᴦ',
  s: 'ѕ',
  t: 'тτ',
  u: 'υս',
  v: 'ѵν',
  w: 'ԝѡ',
  x: 'хχ',
  y: 'уγ',
  z: 'ᴢ',
  A: 'АΑ',
  B: 'ВΒ',
  C: 'СϹ',
  E: 'ЕΕ',
  H: 'НΗ',
  I: 'ІΙ',
  K: 'КΚ',
  M: 'МΜ',
  O: 'ОΟ',
  P: 'РΡ',
  S: 'Ѕ',
  T: 'ТΤ',
  X: 'ХΧ',
  Y: 'ΥҮ',
  ';': '\u037E',
  '/': '\u2044\u2215\u29F8',
  '!': '\u01C3',
  ':': '\uA789\u02D0',
  '|': '\u2223\u01C0',
};
const known: ReadonlyMap<string, string> = new Map(
  Object.entries(drawnLike).flatMap(([ascii, others]) => Array.from(others, (other) => [other, ascii] as const)),
);

const betweenWords = /[^\p{L}\p{N}\p{M}._-]+/u;
const betweenCommands = /[\n;&|()`]+/;
const sign = /(?!\p{L})[^\p{ASCII}]/gu;

/**
 * The characters of a command or an address that look like others: letters within words that are otherwise ASCII and in
 * the names of programs, signs everywhere. Words of another script altogether are what people write. Each once.
 */
export function lookalikes(text: string): readonly Lookalike[] {
  const programs = text.split(betweenCommands).map((command) => command.trimStart().split(betweenWords, 1)[0] ?? '');
  const signs = Array.from(text.matchAll(sign), ([one]) => one);
  return found([...mixedWords(text), ...programs, ...signs]);
}

/** The same for source text: only letters within words that are otherwise ASCII. */
export function lookalikesInWords(text: string): readonly Lookalike[] {
  return found(mixedWords(text));
}

function mixedWords(text: string): readonly string[] {
  return text.split(betweenWords).filter((word) => /[A-Za-z]/.test(word));
}

function found(words: readonly string[]): readonly Lookalike[] {
  return [...new Set(words.join(''))].flatMap((character) => {
    const looksLike = asciiOf(character);
    return looksLike === undefined ? [] : [{ character, looksLike }];
  });
}

/** Also full-width, mathematical and other forms of the same letter. */
function asciiOf(character: string): string | undefined {
  if (/^\p{ASCII}$/u.test(character)) return undefined;
  const mapped = known.get(character);
  if (mapped !== undefined) return mapped;
  const plain = character.normalize('NFKC');
  return /^[!-~]$/.test(plain) ? plain : undefined;
}
