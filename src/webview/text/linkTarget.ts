/** Where a link in the model's text may lead: a page, opened by the editor after it showed the address, or a file. */
export type LinkTarget =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string; readonly line?: number };

const maxCharacters = 4096;
/** A path, then `#L12`, `#L12-L20`, `:12` or `:12:5`. */
const pathAndLine = /^(.*?)(?:#L(\d+)(?:-L?\d+)?|:(\d+)(?::\d+)?)?$/;

/** The target of an `href`, or undefined where it is nothing that the panel opens (scripts, commands, other schemes). */
export function linkTarget(href: string): LinkTarget | undefined {
  const text = href.trim();
  if (text === '' || text.startsWith('#') || text.startsWith('//') || text.length > maxCharacters) return undefined;
  if (/^https?:\/\//i.test(text)) return { kind: 'web', url: text };
  const match = pathAndLine.exec(text);
  const path = decoded((match?.[1] ?? '').replace(/[?#].*$/, ''));
  if (path === '' || (hasScheme(path) && !/^[a-z]:[\\/]/i.test(path))) return undefined;
  const line = Number(match?.[2] ?? match?.[3]);
  return { kind: 'file', path, ...(line >= 1 && { line }) };
}

/** `javascript:1` has no path that could be a file's: before a colon and a number stands a name with a dot or a slash. */
function hasScheme(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(path) || !/[./\\]/.test(path);
}

/** A file's name may hold a percent sign that encodes nothing: then it is meant as it stands. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
