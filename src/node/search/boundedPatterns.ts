/**
 * Whether a line of an ignore file can take very long: every star more multiplies the ways in which a long path may fit.
 * Paths with more than `maxDepth` folders take long with any.
 */
export function isCostlyPattern(line: string): boolean {
  const names = line.split('/').map((name) => name.match(/\*+/g)?.length ?? 0);
  const anyFolders = line.split('/').filter((name) => /^\*{2,}$/.test(name));
  return line.length > maxLength || anyFolders.length > maxStars || names.some((stars) => stars > maxStars);
}

/**
 * The same rules where none takes long: a costly one is cut, so that it hides more, or left out where its first name is costly;
 * what it would take in again stays hidden.
 */
export function boundedPatterns(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (!isCostlyPattern(line)) return [line];
    return line.startsWith('!') ? [] : (cutPattern(line) ?? []);
  });
}

/** Its first names, as far as they are quick to compare: whatever lies below is hidden with them. */
function cutPattern(line: string): string | undefined {
  const names = line.split('/');
  let kept = names.length - 1;
  while (kept > 0 && (isCostlyPattern(names.slice(0, kept).join('/')) || /^\**$/.test(names[kept - 1] ?? '')))
    kept -= 1;
  return kept === 0 ? undefined : `${line.startsWith('/') ? '' : '/'}${names.slice(0, kept).join('/')}`;
}

export const maxDepth = 100;
const maxStars = 3;
const maxLength = 1_000;
