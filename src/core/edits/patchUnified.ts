import { badPatch, type PatchFile } from './patchFile';
import { isEmpty, openHunk, takeLine, type OpenHunk } from './patchHunk';

/** A file as its headers tell it; 'none' is /dev/null. */
interface OpenDiff {
  from: string;
  to: string;
  readonly hunks: OpenHunk[];
}

/** Reads plain and git diffs, one after the other, with prose or fences around them. */
export function parseUnifiedDiff(lines: readonly string[]): readonly PatchFile[] {
  const diffs: OpenDiff[] = [];
  let inHunk = false;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const last = diffs.at(-1);
    if (isHeader(lines, index)) {
      const [from, to] = [pathOf(line, index), pathOf(lines[index + 1] ?? '', index + 1)];
      if (last && !inHunk && last.hunks.length === 0 && last.from !== '') diffs.pop();
      diffs.push({ from, to, hunks: [] });
      index += 1;
      inHunk = false;
    } else if (/^(GIT binary patch|Binary files )/.test(line))
      throw badPatch(`Line ${index + 1} of the patch is about a binary file; only text can be patched.`);
    else if (line.startsWith('diff --git ')) inHunk = false;
    else if (/^rename (from|to) ./.test(line) && !inHunk) takeRename(diffs, line);
    else if (line.startsWith('@@')) {
      if (!last) throw badPatch(`Line ${index + 1} of the patch, ${JSON.stringify(line)}, comes before any file.`);
      last.hunks.push(openHunk());
      inHunk = true;
    } else if (inHunk && last) {
      const hunk = last.hunks.at(-1);
      if (!hunk || !takeLine(hunk, line)) {
        if (!/^(```|diff |index |\*\*\* )/.test(line))
          throw badPatch(`Line ${index + 1} of the patch, ${JSON.stringify(line.slice(0, 200))}, cannot be read.`);
        inHunk = false;
      }
    }
  }
  return diffs.map(closed);
}

/** `--- ` can also be a removed line; a header is followed by its other half. */
function isHeader(lines: readonly string[], index: number): boolean {
  if (!(lines[index] ?? '').startsWith('--- ') || !(lines[index + 1] ?? '').startsWith('+++ ')) return false;
  const next = lines[index + 2];
  return next === undefined || next.trim() === '' || next.startsWith('@@');
}

function takeRename(diffs: OpenDiff[], line: string): void {
  const path = line.replace(/^rename (from|to) /, '');
  if (line.startsWith('rename from ')) diffs.push({ from: path, to: path, hunks: [] });
  else {
    const last = diffs.at(-1);
    if (last) last.to = path;
  }
}

function pathOf(header: string, index: number): string {
  const path = header.slice(4).split('\t')[0]?.trim() ?? '';
  const unquoted = /^"(.*)"$/.exec(path)?.[1] ?? path;
  if (unquoted === '' || (unquoted !== path && unquoted.includes('\\')))
    throw badPatch(`Line ${index + 1} of the patch names no file: ${JSON.stringify(header.slice(0, 200))}.`);
  return unquoted;
}

const nowhere = '/dev/null';

function closed({ from, to, hunks }: OpenDiff): PatchFile {
  const prefixed = (from === nowhere || from.startsWith('a/')) && (to === nowhere || to.startsWith('b/'));
  const bare = (path: string): string => (prefixed && path !== nowhere ? path.slice(2) : path);
  const [path, target] = [bare(from), bare(to)];
  const solid = hunks.filter((hunk) => !isEmpty(hunk)).map(withoutLastBlank);
  if (path === nowhere && target === nowhere) throw badPatch('The patch names /dev/null twice.');
  if (path === nowhere) return { kind: 'add', path: target, text: addedText(solid, target) };
  if (target === nowhere) return { kind: 'delete', path };
  if (solid.length === 0 && path === target) throw badPatch(`The patch changes nothing in ${JSON.stringify(path)}.`);
  return { kind: 'update', path, ...(path !== target && { moveTo: target }), hunks: solid };
}

function addedText(hunks: readonly OpenHunk[], path: string): string {
  if (hunks.some(({ old }) => old.some((line) => line !== '')))
    throw badPatch(`The patch creates ${JSON.stringify(path)}, but has lines that are no + lines.`);
  return hunks.flatMap((hunk) => hunk.new.map((line) => `${line}\n`)).join('');
}

/** The empty line between two diffs, or at the end of the text, is no context. */
function withoutLastBlank(hunk: OpenHunk): OpenHunk {
  if (hunk.old.at(-1) !== '' || hunk.new.at(-1) !== '' || hunk.old.length === 1) return hunk;
  return { ...hunk, old: hunk.old.slice(0, -1), new: hunk.new.slice(0, -1) };
}
