import * as path from 'node:path';
import picomatch from 'picomatch';

/** `src/**\/*.ts` begins in `src`: so a folder that is named is searched even where git ignores it. */
export function splitPattern(pattern: string): { readonly base: string; readonly glob: string } {
  const plain = pattern.replace(/^\.\//, '');
  if (/[!()]/.test(plain)) return { base: '', glob: plain };
  const { base, glob } = picomatch.scan(plain);
  if (glob !== '') return { base, glob };
  return { base: path.posix.dirname(base) === '.' ? '' : path.posix.dirname(base), glob: path.posix.basename(base) };
}
