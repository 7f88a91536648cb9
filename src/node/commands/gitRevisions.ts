import type { RevisionsCheck } from '../../core/shell/grammar';
import { askGit, type AskGitOptions } from './askGit';

/**
 * Why git would show files by names that nobody sees; undefined: every revision is a commit or none at all. Asks git itself, once:
 * abbreviations, tags and references can spell a file's content in many ways.
 */
export async function problemOfRevisions(
  { revisions, files, namesOnly }: Pick<RevisionsCheck, 'revisions' | 'files' | 'namesOnly'>,
  options: AskGitOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  // What a tag leads to counts, and the tag of a tag.
  const asked = [...revisions.flatMap((revision) => [revision, `${revision}^{}`]), ...files];
  const input = asked.map((name) => `${name}\n`).join('');
  const said = await askGit(['cat-file', '--batch-check=%(objecttype)'], { ...options, input }, signal);
  const types = said?.split('\n').slice(0, -1);
  if (types?.length !== asked.length) return 'Git does not say what its revisions lead to.';
  const kindOf = (name: string): string => types[asked.indexOf(name)] ?? '';
  const isNone = (name: string): boolean => kindOf(name) === `${name} missing`;
  for (const revision of revisions) {
    const peeled = `${revision}^{}`;
    if (isNone(revision) && isNone(peeled)) continue;
    const kind = kindOf(peeled);
    if (kind !== 'commit' && !(namesOnly && kind === 'tree' && !files.some((file) => file.startsWith(`${revision}:`))))
      return `${JSON.stringify(revision)} is no commit: it may be the content of a file, a secret one perhaps.`;
  }
  for (const file of files)
    if (!isNone(file) && kindOf(file) !== 'blob' && !(namesOnly && kindOf(file) === 'tree'))
      return `${JSON.stringify(file)} is no file: secrets may stand below it.`;
  return undefined;
}
