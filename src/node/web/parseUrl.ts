/** A URL, or undefined for what is none. `URL.canParse` of Node 20, once it is hot, refuses names with umlauts. */
export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined; // That it is none is all that is asked.
  }
}
