/** A piece of a text, and whether it is one of the searched words. */
export interface MarkedPart {
  readonly text: string;
  readonly marked: boolean;
}

/**
 * Splits a text at what was searched, upper and lower case alike: at the whole query, or at its single words where it does
 * not stand as a whole. The parts joined are the text again.
 */
export function markedParts(text: string, query: string): readonly MarkedPart[] {
  const words = query.split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return text === '' ? [] : [{ text, marked: false }];
  const whole = split(text, words.map(escaped).join('\\s+'));
  if (whole.length > 1) return parts(whole);
  // The longest first: of "pars parser" the whole word is marked, not its beginning.
  const longestFirst = words.toSorted((left, right) => right.length - left.length);
  return parts(split(text, longestFirst.map(escaped).join('|')));
}

function split(text: string, pattern: string): readonly string[] {
  return text.split(new RegExp(`(${pattern})`, 'giu'));
}

/** A split by one group alternates: text, word, text, word ... */
function parts(pieces: readonly string[]): readonly MarkedPart[] {
  return pieces.map((piece, index) => ({ text: piece, marked: index % 2 === 1 })).filter((part) => part.text !== '');
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
