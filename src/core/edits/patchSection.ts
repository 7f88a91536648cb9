import { ToolError } from '../errors';
import { badPatch, type PatchFile, type PatchHunk } from './patchFile';
import { closedHunk, fileText, isEmpty, type OpenHunk } from './patchHunk';

/** What a diff says of one file, while it is read. Paths of `---` and `+++` may have the prefixes a/ and b/. */
export interface DiffSection {
  /** Index of its first line. */
  readonly start: number;
  /** The path of `diff --git`, where it names the same one twice. */
  readonly gitPath?: string | undefined;
  from?: string;
  to?: string;
  renamedFrom?: string;
  renamedTo?: string;
  created: boolean;
  deleted: boolean;
  readonly hunks: OpenHunk[];
}

export function openSection(start: number, gitPath?: string): DiffSection {
  return { start, gitPath, created: false, deleted: false, hunks: [] };
}

/**
 * Takes a line between `diff --git` and the text that differs; others than git's own say nothing.
 * @throws ToolError 'invalid_arguments' for what a change of text cannot be.
 */
export function takeGitHeader(section: DiffSection, line: string, index: number): void {
  const [, name, value = ''] =
    /^(old mode|new mode|new file mode|deleted file mode|rename from|rename to|copy from|copy to|index) (.+)$/.exec(
      line.trimEnd(),
    ) ?? [];
  switch (name) {
    case 'new file mode':
      if (!/^1006\d\d$/.test(value)) throw notText(line, index);
      section.created = true;
      break;
    case 'deleted file mode':
      if (!/^100\d{3}$/.test(value)) throw notText(line, index);
      section.deleted = true;
      break;
    case 'rename from':
      section.renamedFrom = unquoted(value, line, index);
      break;
    case 'rename to':
      section.renamedTo = unquoted(value, line, index);
      break;
    case 'index':
      if (/ 1[26]0000$/.test(value)) throw notText(line, index);
      break;
    case undefined:
      break;
    default:
      throw notText(line, index);
  }
}

function notText(line: string, index: number): ToolError {
  return new ToolError(
    'invalid_arguments',
    `Line ${index + 1} of the patch, ${JSON.stringify(line.slice(0, 200))}, is about more than text: modes, links and copies cannot be patched.`,
    { advice: 'Leave that out of the patch, and do it with a command such as chmod, ln or cp.' },
  );
}

/** The path in `diff --git a/path b/path`. Undefined: two different ones, which other lines have to name. */
export function gitPath(line: string): string | undefined {
  const both = line.slice('diff --git '.length).trimEnd();
  const middle = (both.length - 1) / 2;
  const [left, right] = [both.slice(0, middle), both.slice(middle + 1)].map(
    (half) => /^"([^"\\]*)"$/.exec(half)?.[1] ?? half,
  );
  if (left === undefined || right === undefined || both.charAt(middle) !== ' ' || /["\\]/.test(left)) return undefined;
  if (left.startsWith('a/') && right.startsWith('b/') && left.slice(2) === right.slice(2)) return left.slice(2);
  return left === right ? left : undefined;
}

/** @throws ToolError 'invalid_arguments' for none, and for one with escapes. */
export function unquoted(path: string, line: string, index: number): string {
  const inner = /^"(.*)"$/.exec(path)?.[1] ?? path;
  if (inner === '' || (inner !== path && inner.includes('\\')))
    throw badPatch(`Line ${index + 1} of the patch names no file: ${JSON.stringify(line.slice(0, 200))}.`);
  return inner;
}

const nowhere = '/dev/null';

/** @throws ToolError 'invalid_arguments' where it says nothing, or what cannot be. */
export function closedSection(section: DiffSection): PatchFile {
  const { created, deleted, to } = section;
  const [path, target] = pathsOf(section);
  const hunks = section.hunks
    .map(withoutLastEmptyLines)
    .filter((hunk) => !isEmpty(hunk))
    .map(closedHunk);
  if (path === nowhere && target === nowhere) throw badPatch('The patch names /dev/null twice.');
  if (created || path === nowhere) return { kind: 'add', path: target, text: addedText(hunks, target) };
  if (target === nowhere || (deleted && to === undefined)) return { kind: 'delete', path };
  if (deleted) throw badPatch(`The patch both deletes and changes ${JSON.stringify(path)}.`);
  if (hunks.length === 0 && path === target) throw badPatch(`The patch changes nothing in ${JSON.stringify(path)}.`);
  return { kind: 'update', path, ...(path !== target && { moveTo: target }), hunks };
}

function pathsOf({ start, gitPath: both, from, to, renamedFrom, renamedTo }: DiffSection): readonly [string, string] {
  const isPrefixed = (path: string | undefined, prefix: string): boolean =>
    path === undefined || path === nowhere || path.startsWith(prefix);
  const prefixed = isPrefixed(from, 'a/') && isPrefixed(to, 'b/');
  // Only these two lines have prefixes; what others say must fit.
  const pathIn = (header: string | undefined, said: string | undefined): string | undefined => {
    if (header === undefined || header === nowhere) return header ?? said;
    const path = prefixed ? header.slice(2) : header;
    return said === undefined || said === path || said === header ? (said ?? path) : undefined;
  };
  const path = pathIn(from, renamedFrom ?? both);
  const target = pathIn(to, renamedTo ?? both);
  if (path !== undefined && target !== undefined && (renamedFrom === undefined) === (renamedTo === undefined))
    return [path, target];
  throw badPatch(`What begins at line ${start + 1} of the patch does not say clearly which file it is about.`);
}

function addedText(hunks: readonly PatchHunk[], path: string): string {
  if (hunks.some(({ old }) => old.some((line) => line !== '')))
    throw badPatch(`The patch creates ${JSON.stringify(path)}, but has lines that are no + lines.`);
  return fileText(hunks);
}

/** Empty lines between two diffs, or at the end of the text, are no context. */
function withoutLastEmptyLines(hunk: OpenHunk): OpenHunk {
  if (hunk.emptyLines === 0) return hunk;
  return { ...hunk, old: hunk.old.slice(0, -hunk.emptyLines), new: hunk.new.slice(0, -hunk.emptyLines) };
}
