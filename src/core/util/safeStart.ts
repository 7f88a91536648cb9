/** The first `length` characters, one less where that would cut a surrogate pair in two. */
export function safeStart(text: string, length: number): string {
  return text.slice(0, splitsSurrogates(text, length) ? length - 1 : length);
}

/** Whether a character outside of the basic plane stands on both sides of the offset. */
export function splitsSurrogates(text: string, offset: number): boolean {
  const [left, right] = [text.charCodeAt(offset - 1), text.charCodeAt(offset)];
  return left >= 0xd800 && left <= 0xdbff && right >= 0xdc00 && right <= 0xdfff;
}
