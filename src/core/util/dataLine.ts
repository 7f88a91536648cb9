import { safeStart } from './safeStart';

/**
 * A foreign text as one line that cannot pass for anything but a text: without line breaks, control, invisible and
 * text-direction characters, with other signs in place of angle brackets, at most `maxCharacters` long.
 */
export function dataLine(text: string, maxCharacters: number): string {
  const line = text
    // What is longer is cut in any case, and none of it needs to be looked at.
    .slice(0, maxCharacters * 8)
    .replace(/\s+/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu, '')
    .replace(/[<＜﹤]/gu, '‹')
    .replace(/[>＞﹥]/gu, '›')
    .trim();
  return line.length <= maxCharacters ? line : `${safeStart(line, maxCharacters - 1)}…`;
}
