import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import { unlessFailing } from '../systemError';

/**
 * Whether the repository's own attributes could show again what `secretAttributes` hides: only lines for kinds of files that hold
 * no secrets may say how they are compared.
 * @param tracked all paths of the index. @param gitFolder its own settings.
 */
export async function problemOfAttributes(
  top: string,
  gitFolder: string,
  tracked: readonly string[],
): Promise<string | undefined> {
  const inTree = tracked.filter((name) => /(?:^|\/)\.gitattributes$/.test(name));
  const files = new Set(
    [...inTree, '.gitattributes']
      .map((name) => path.join(top, name))
      .concat(path.join(gitFolder, 'info', 'attributes')),
  );
  for (const file of files) {
    const text = await unlessFailing(['ENOENT', 'ENOTDIR', 'EISDIR'], readFile(file, 'utf8'));
    const line = text?.split(/\r?\n/).find(showsMore);
    if (line !== undefined)
      return `Its attributes say how secret files may be shown: ${JSON.stringify(line.slice(0, 80))}.`;
  }
  return undefined;
}

function showsMore(line: string): boolean {
  const plain = line.trim();
  if (plain === '' || plain.startsWith('#')) return false;
  if (plain.startsWith('[') || plain.startsWith('"')) return true;
  const [pattern = '', ...attributes] = plain.split(/\s+/);
  const ending = /^(?:.*\/)?\*\.(\w+)$/.exec(pattern)?.[1];
  if (ending !== undefined && !isSecretPath(`x.${ending}`)) return false;
  return attributes.some((attribute) => /^(?:!?diff|diff=.*|[-!]binary)$/.test(attribute));
}
