/**
 * Whether a line of an ignore file can take very long: every star more multiplies the ways in which a long path may fit.
 * Paths with more than `maxDepth` folders take long with any.
 */
export function isCostlyPattern(line: string): boolean {
  const names = line.split('/').map((name) => name.match(/\*+/g)?.length ?? 0);
  const anyFolders = line.split('/').filter((name) => /^\*{2,}$/.test(name));
  return line.length > maxLength || anyFolders.length > maxStars || names.some((stars) => stars > maxStars);
}

export const maxDepth = 100;
const maxStars = 3;
const maxLength = 1_000;
