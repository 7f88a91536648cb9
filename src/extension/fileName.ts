/** What a file system takes, from whatever something is called. @param otherwise where nothing of it can be a name */
export function fileName(title: string, otherwise: string): string {
  const name = title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? otherwise : name;
}
