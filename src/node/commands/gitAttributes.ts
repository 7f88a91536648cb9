import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import { unlessFailing } from '../systemError';

const gone = ['ENOENT', 'ENOTDIR', 'EISDIR'];
const attributesName = '.gitattributes';
const maxFolders = 20_000;

/**
 * Whether the repository's own attributes could show again what `secretAttributes` hides: only lines for kinds of files that hold
 * no secrets may say how they are compared. Git obeys those that it does not track, too.
 * @param tracked all paths of the index. @param gitFolder its own settings.
 */
export async function problemOfAttributes(
  top: string,
  gitFolder: string,
  tracked: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const inTree = tracked.filter((name) => name === attributesName || name.endsWith(`/${attributesName}`));
  const found = await attributesBelow(top, signal);
  if (!found) return 'It has too many folders to make sure that no attributes in them show secret files.';
  const expected = inTree.map((name) => path.join(top, name));
  for (const file of new Set([...expected, ...found, path.join(gitFolder, 'info', 'attributes')])) {
    const text = await unlessFailing(gone, readFile(file, 'utf8'));
    // Git takes those of the index then.
    if (text === undefined && expected.includes(file)) return 'A file with its attributes is tracked and not there.';
    const line = text?.split(/\r?\n/).find(showsMore);
    if (line !== undefined)
      return `Its attributes say how secret files may be shown: ${JSON.stringify(line.slice(0, 80))}.`;
  }
  return undefined;
}

/** Those in all folders except of installed packages; undefined: there are too many folders. */
async function attributesBelow(top: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const files: string[] = [];
  const waiting = [top];
  let left = maxFolders;
  for (let next = waiting.splice(-parallel); next.length > 0; next = waiting.splice(-parallel)) {
    signal.throwIfAborted();
    left -= next.length;
    if (left < 0) return undefined;
    for (const { folders, attributes } of await Promise.all(next.map(look))) {
      waiting.push(...folders);
      files.push(...attributes);
    }
  }
  return files;
}

const parallel = 16;

async function look(folder: string): Promise<{ readonly folders: string[]; readonly attributes: string[] }> {
  const entries = (await unlessFailing([...gone, 'EACCES'], readdir(folder, { withFileTypes: true }))) ?? [];
  const folders = entries.filter(
    (entry) => entry.isDirectory() && entry.name !== '.git' && entry.name !== 'node_modules',
  );
  // What a link leads to has another name in git: only what lies right there counts under this one.
  const links = entries.filter((entry) => entry.isSymbolicLink() && entry.name !== attributesName);
  const own = entries.filter((entry) => entry.name.toLowerCase() === attributesName).map(({ name }) => name);
  return {
    folders: folders.map(({ name }) => path.join(folder, name)),
    attributes: [...own, ...links.map(({ name }) => path.join(name, attributesName))].map((name) =>
      path.join(folder, name),
    ),
  };
}

/** Kinds of programs and texts: no pattern of secrets has such an ending. */
const freeEndings: ReadonlySet<string> = new Set(
  'ts tsx mts cts js jsx mjs cjs vue svelte astro py pyi rb go rs java kt kts scala swift c h cc cpp cxx hpp hh m mm cs fs vb php lua dart ex exs hs ml css scss less html htm md mdx markdown rst tex bib adoc svg pdf doc docx odt ods odp dot dotx rtf xls xlsx ppt pptx ipynb lock sln csproj png jpg jpeg gif ico webp mp3 mp4 zip gz woff woff2 ttf snap map'.split(
    ' ',
  ),
);

function showsMore(line: string): boolean {
  const plain = line.trim();
  if (plain === '' || plain.startsWith('#')) return false;
  if (plain.startsWith('[') || plain.startsWith('"')) return true;
  const [pattern = '', ...attributes] = plain.split(/\s+/);
  const ending = /^\*\.(\w+)$/.exec(pattern)?.[1];
  if (ending !== undefined && freeEndings.has(ending) && !isSecretPath(`x.${ending}`)) return false;
  return attributes.some((attribute) => /^(?:!?diff|diff=.*|[-!]binary)$/.test(attribute));
}
