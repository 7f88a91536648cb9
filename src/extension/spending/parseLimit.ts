/** As people write amounts: with or without a dollar sign, with blanks, a comma or a point. @returns undefined: no limit */
export function parseLimit(text: string): number | undefined | 'wrong' {
  const plain = text
    .replace(/[$\s_]/g, '')
    .replace(/^(\d+),(\d{1,2})$/, '$1.$2')
    .replace(/,(?=\d{3}\b)/g, '');
  if (plain === '') return undefined;
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : 'wrong';
}
