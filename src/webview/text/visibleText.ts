/** A piece of a text for people: text as it is, or something unseen made visible, or a run of blanks that hides what follows. */
export type VisiblePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `text` is what stands for it, like `<U+202E>` or `<U+200B>×40`. */
  | { readonly kind: 'unseen'; readonly text: string }
  /** More than 20 spaces, tabs and line breaks in a row; `text` has them all. */
  | { readonly kind: 'blanks'; readonly text: string };

/** Those that belong to an emoji before them. */
const partOfEmoji =
  /(?<=\p{Extended_Pictographic})\uFE0F|(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic})/u;
/**
 * Controls, format characters (bidi marks and overrides, zero width, tags), halves of characters, private and unassigned
 * ones, separators, what is drawn as nothing by definition (variation selectors, Hangul fillers), and the few letters and
 * symbols whose picture is empty.
 */
const unseen = /\p{C}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|\u2800|\u{1D159}|\u{13441}|\u{13442}|\u{16FE4}/u;
/** Spaces that are not the space. In running text they are what people and programs write; in a command they are not. */
const otherSpace = /(?! )\p{Zs}/u;
/** Marks with no letter below them, drawn through a letter, or piled up. */
const strayMark = /(?<=^|[\s\p{P}\p{S}\p{C}]\p{M}{0,4})\p{M}|[\u0334-\u0338\u20D0-\u20FF]|(?<=\p{M}{4})\p{M}/u;

const shownAsIs = `(?!${partOfEmoji.source})(?![\\n\\t])`;
const inProse = new RegExp(`${shownAsIs}(?:${unseen.source})`, 'gu');
const inCommand = new RegExp(`${shownAsIs}(?:${unseen.source}|${otherSpace.source}|${strayMark.source})`, 'gu');
/** One unseen character more often than this in a row is counted. */
const maxInRow = 3;

/**
 * The text with everything that a person could not see made visible, as in `<U+202E>`: what is approved must be what is
 * read. Line breaks and tabs stay; a carriage return is shown like any other control character.
 */
export function visibleText(text: string): string {
  return parts(text, inCommand)
    .map((part) => part.text)
    .join('');
}

/** The same for running text and the output of programs: spaces of other widths and accents are left as they are. */
export function visibleProse(text: string): string {
  return parts(text, inProse)
    .map((part) => part.text)
    .join('');
}

/** `visibleText` in pieces, so that what stands for something unseen can be told from text that only reads like it. */
export function visibleParts(text: string): readonly VisiblePart[] {
  return parts(text, inCommand).flatMap((part) => (part.kind === 'text' ? withBlanks(part.text) : [part]));
}

function parts(text: string, pattern: RegExp): readonly VisiblePart[] {
  const found: VisiblePart[] = [];
  let end = 0;
  for (const [run, character] of runsOf(text, pattern)) {
    const before = text.slice(end, run.from);
    if (before !== '') found.push({ kind: 'text', text: before });
    found.push({ kind: 'unseen', text: codeText(character, (run.to - run.from) / character.length) });
    end = run.to;
  }
  if (end < text.length) found.push({ kind: 'text', text: text.slice(end) });
  return found;
}

/** Where an unseen character stands, however many of the same in a row. */
function runsOf(text: string, pattern: RegExp): readonly (readonly [{ from: number; to: number }, string])[] {
  const runs: [{ from: number; to: number }, string][] = [];
  for (const { index, 0: character } of text.matchAll(pattern)) {
    const last = runs.at(-1);
    if (last?.[0].to === index && last[1] === character) last[0].to += character.length;
    else runs.push([{ from: index, to: index + character.length }, character]);
  }
  return runs;
}

function codeText(character: string, count: number): string {
  const code = `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
  return count > maxInRow ? `${code}×${count}` : code.repeat(count);
}

function withBlanks(text: string): readonly VisiblePart[] {
  return text
    .split(/([ \n\t]{21,})/)
    .map((piece, index): VisiblePart => ({ kind: index % 2 === 1 ? 'blanks' : 'text', text: piece }))
    .filter((part) => part.text !== '');
}
