/**
 * Controls, format characters (bidi marks and overrides, zero width, tags), line and paragraph separators, fillers that
 * look like nothing, variation selectors. Not those that belong to an emoji before them.
 */
const partOfEmoji =
  /(?<=\p{Extended_Pictographic})\uFE0F|(?<=\p{Extended_Pictographic}\uFE0F?)\u200D(?=\p{Extended_Pictographic})/u;
const unseen =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u2800|\u3164|\uFFA0/u;
const invisible = new RegExp(`(?!${partOfEmoji.source})(?:${unseen.source})`, 'gu');

/**
 * The text with everything that a person could not see made visible, as in `<U+202E>`: what is approved must be what is
 * read. Line breaks and tabs stay; a carriage return is shown like any other control character.
 */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) =>
    character === '\n' || character === '\t' ? character : `<U+${codeOf(character)}>`,
  );
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
