/** Shorter texts are found by chance, a lone bracket for example. */
const minTellingCharacters = 8;

/**
 * Where the replacement stands in a text that lacks what it replaces; undefined unless it is telling, brings something new,
 * and stands there once.
 */
export function alreadyApplied(text: string, find: string, replacement: string): number | undefined {
  if (replacement.replace(/\s+/g, '').length < minTellingCharacters) return undefined;
  if (find.includes(replacement.trim())) return undefined;
  const whole = replacement.endsWith('\n') ? replacement.slice(0, -1) : replacement;
  const at = text.indexOf(whole);
  return at >= 0 && text.indexOf(whole, at + 1) < 0 ? at : undefined;
}
