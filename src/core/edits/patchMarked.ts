import { badPatch, type PatchFile } from './patchFile';
import { anchorOf, isEmpty, openHunk, takeLine, type OpenHunk } from './patchHunk';

type OpenFile =
  | { readonly kind: 'add'; readonly path: string; readonly lines: string[] }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'update'; readonly path: string; moveTo?: string; readonly hunks: OpenHunk[] };

const fileMark = /^\*\*\* (Add|Update|Delete) File: (.+)$/;

/** Reads from the line behind "*** Begin Patch". A patch without its end may be half of one: it is refused. */
export function parseMarkedPatch(lines: readonly string[], start: number): readonly PatchFile[] {
  const files: OpenFile[] = [];
  for (let index = start; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '*** End Patch') return files.map((file) => closed(file));
    const [, kind, path = ''] = fileMark.exec(line.trimEnd()) ?? [];
    if (kind === 'Add') files.push({ kind: 'add', path, lines: [] });
    else if (kind === 'Delete') files.push({ kind: 'delete', path });
    else if (kind === 'Update') files.push({ kind: 'update', path, hunks: [] });
    else if (!takeBodyLine(files.at(-1), line) && line.trim() !== '')
      throw badPatch(`Line ${index + 1} of the patch, ${JSON.stringify(line.slice(0, 200))}, cannot be read.`);
  }
  throw badPatch('The patch has no "*** End Patch": it may have been cut off.');
}

function takeBodyLine(file: OpenFile | undefined, line: string): boolean {
  if (!file || file.kind === 'delete') return false;
  if (file.kind === 'add') {
    if (line.startsWith('+')) file.lines.push(line.slice(1));
    return line.startsWith('+');
  }
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
      return { kind: 'add', path: file.path, text: file.lines.map((line) => `${line}\n`).join('') };
    case 'delete':
      return file;
    case 'update': {
      const hunks = file.hunks.filter((hunk) => !isEmpty(hunk));
      if (hunks.length === 0 && file.moveTo === undefined)
        throw badPatch(`The patch changes nothing in ${JSON.stringify(file.path)}.`);
      return { ...file, hunks };
    }
  }
}
