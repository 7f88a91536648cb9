/** Words as a shell reads them back, one way of writing for each: other words never give the same text. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./,:@%+-][A-Za-z0-9_./,:=@%+-]*$/.test(word)
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
