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
  const path = decoded((match?.[1] ?? '').replace(/[?#].*$/, '')).replace(/^(?:\.\/)+/, '');
  const scheme = /^[a-z][a-z0-9+.-]*:/i.test(path) && !/^[a-z]:[\\/]/i.test(path);
  // In `javascript:1` the number is no line: before `:12` a file's name has a dot or a slash.
  const bareWord = match?.[3] !== undefined && !/[./\\]/.test(path);
  // Two slashes of any kind name another machine, and asking it for a file tells it who asks.
  const elsewhere = /^[\\/]{2}/.test(path);
  if (path === '' || scheme || bareWord || elsewhere) return undefined;
  const line = Number(match?.[2] ?? match?.[3]);
  return { kind: 'file', path, ...(line >= 1 && { line }) };
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
