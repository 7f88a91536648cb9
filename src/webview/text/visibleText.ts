/** C0 and C1 controls except tab and line feed, soft hyphen, bidi marks and overrides, zero-width and other invisible format characters, tags. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800\u034F\u17B4\u17B5\u{E0100}-\u{E01EF}\uFE00-\uFE0F]/gu;

/**
 * The text with everything that a person could not see made visible, as in `<U+202E>`: what is approved must be what is
 * read. Line breaks and tabs stay; a carriage return before a line feed is shown like any other control character.
 */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) =>
    character === '\n' || character === '\t' ? character : `<U+${codeOf(character)}>`,
  );
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
