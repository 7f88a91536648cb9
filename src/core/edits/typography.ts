import { isBlank, partsOf } from './lineForms';

/** How text that came through a typographer is to be written in this file. */
export interface Typography {
  /** Undefined: it holds typographic characters of which nothing tells whether they are meant. */
  translate(text: string): string | undefined;
}

const typographic = /[\u2010-\u2015\u2212\u2018-\u201f\u00a0\u2002-\u200a\u202f\u205f\u3000]/g;

/** Learns from lines that match but for their punctuation: where the model writes `“` for the file's `"`, new text does too. */
export function typographyOf(matched: readonly string[], find: readonly string[]): Typography {
  const seen = new Map<string, Set<string>>();
  const learn = (character: string, meaning: string): void => {
    seen.set(character, (seen.get(character) ?? new Set()).add(meaning));
  };
  for (const [index, line] of find.entries()) {
    const there = matched[index] ?? '';
    if (!partsOf(there).indent.match(typographic))
      for (const blank of partsOf(line).indent.match(typographic) ?? []) learn(blank, ' ');
    const [wanted, actual] = [withoutBlankRuns(line), withoutBlankRuns(there)];
    if (wanted.length !== actual.length) continue;
    for (const { 0: character, index: at } of wanted.matchAll(typographic)) learn(character, actual.charAt(at));
  }
  const differs = [...seen].some(([character, meanings]) => [...meanings].some((meaning) => meaning !== character));
  if (!differs) return { translate: (text) => text };
  return {
    translate(text) {
      const meanings = new Map<string, string>();
      for (const [character] of text.matchAll(typographic)) {
        const [meaning, ...others] = seen.get(character) ?? [];
        if (meaning === undefined || others.length > 0) return undefined;
        meanings.set(character, meaning);
      }
      return text.replace(typographic, (character) => meanings.get(character) ?? character);
    },
  };
}

/** Every run of blanks as its first one, so that the places of two lines can be compared. */
function withoutBlankRuns(whole: string): string {
  const line = partsOf(whole).body;
  let text = '';
  for (let index = 0; index < line.length; index++) {
    const blank = isBlank(line.charCodeAt(index));
    if (blank && index > 0 && isBlank(line.charCodeAt(index - 1))) continue;
    text += line.charAt(index);
  }
  return text.normalize('NFC');
}
