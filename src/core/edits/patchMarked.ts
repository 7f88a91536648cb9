import { badPatch, type PatchFile } from './patchFile';
import { anchorOf, closedHunk, fileText, isEmpty, openHunk, takeLine, type OpenHunk } from './patchHunk';

type OpenFile =
  | { readonly kind: 'add'; readonly path: string; readonly hunk: OpenHunk }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'update'; readonly path: string; moveTo?: string; readonly hunks: OpenHunk[] };

const fileMark = /^\*\*\* (Add|Update|Delete) File: (.+)$/;

/**
 * Reads from the line behind "*** Begin Patch" to the one behind its "*** End Patch", which is told as `end`. A patch without
 * its end may be half of one: it is refused.
 */
export function parseMarkedPatch(
  lines: readonly string[],
  start: number,
): { readonly files: readonly PatchFile[]; readonly end: number } {
  const files: OpenFile[] = [];
  for (let index = start; index < lines.length; index++) {
    const line = lines[index] ?? '';
    // Indented, it is a line of the file.
    if (line.trimEnd() === '*** End Patch') return { files: files.map((file) => closed(file)), end: index + 1 };
    const [, kind, path = ''] = fileMark.exec(line.trimEnd()) ?? [];
    if (kind === 'Add') files.push({ kind: 'add', path, hunk: openHunk() });
    else if (kind === 'Delete') files.push({ kind: 'delete', path });
    else if (kind === 'Update') files.push({ kind: 'update', path, hunks: [] });
    else if (!takeBodyLine(files.at(-1), line) && line.trim() !== '')
      throw badPatch(`Line ${index + 1} of the patch, ${JSON.stringify(line.slice(0, 200))}, cannot be read.`);
  }
  throw badPatch('The patch has no "*** End Patch": it may have been cut off.');
}

function takeBodyLine(file: OpenFile | undefined, line: string): boolean {
  if (!file || file.kind === 'delete') return false;
  if (file.kind === 'add') return /^[+\\]/.test(line) && takeLine(file.hunk, line);
  const last = file.hunks.at(-1);
  const move = /^\*\*\* Move to: (.+)$/.exec(line.trimEnd())?.[1];
  if (move !== undefined && !last && file.moveTo === undefined) {
    file.moveTo = move;
    return true;
  }
  if (line.startsWith('@@')) {
    const anchor = anchorOf(line);
    const anchors = anchor === '' ? [] : [anchor];
    if (last && isEmpty(last)) last.anchors.push(...anchors);
    else file.hunks.push(openHunk(anchors));
    return true;
  }
  if (line.trimEnd() === '*** End of File') {
    if (last) last.endsFile = true;
    return last !== undefined;
  }
  // A blank line between two files is not context.
  if (!last && line === '') return true;
  return takeLine(last ?? opened(file.hunks), line);
}

function opened(hunks: OpenHunk[]): OpenHunk {
  const hunk = openHunk();
  hunks.push(hunk);
  return hunk;
}

function closed(file: OpenFile): PatchFile {
  switch (file.kind) {
    case 'add':
      return { kind: 'add', path: file.path, text: fileText([closedHunk(file.hunk)]) };
    case 'delete':
      return file;
    case 'update': {
      const hunks = file.hunks.filter((hunk) => !isEmpty(hunk)).map(closedHunk);
      if (hunks.length === 0 && file.moveTo === undefined)
        throw badPatch(`The patch changes nothing in ${JSON.stringify(file.path)}.`);
      return { ...file, hunks };
    }
  }
}
