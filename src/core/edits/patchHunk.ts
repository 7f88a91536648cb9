import type { PatchHunk } from './patchFile';

/** A hunk while its lines are read. */
export interface OpenHunk {
  readonly anchors: string[];
  readonly old: string[];
  readonly new: string[];
  endsFile: boolean;
  /** How many lines each side had at its `\ No newline at end of file`: it is about the last one only. */
  readonly unended: { old: number | undefined; new: number | undefined };
  lastMark: string;
  /** How many lines without even a mark it ends with at the moment. */
  emptyLines: number;
}

export function openHunk(anchors: readonly string[] = []): OpenHunk {
  return {
    ...{ anchors: [...anchors], old: [], new: [], endsFile: false },
    ...{ unended: { old: undefined, new: undefined }, lastMark: '', emptyLines: 0 },
  };
}

/** False: the line belongs to no hunk. An empty line is a context line whose one blank got lost. */
export function takeLine(hunk: OpenHunk, line: string): boolean {
  const text = line.slice(1);
  const mark = line.charAt(0);
  switch (mark) {
    case '':
    case ' ':
      hunk.old.push(text);
      hunk.new.push(text);
      break;
    case '-':
      hunk.old.push(text);
      break;
    case '+':
      hunk.new.push(text);
      break;
    case '\\':
      if (hunk.lastMark !== '+') hunk.unended.old = hunk.old.length;
      if (hunk.lastMark !== '-') hunk.unended.new = hunk.new.length;
      break;
    default:
      return false;
  }
  hunk.lastMark = mark;
  hunk.emptyLines = mark === '' ? hunk.emptyLines + 1 : 0;
  return true;
}

export function closedHunk({ anchors, old, new: added, endsFile, unended }: OpenHunk): PatchHunk {
  const oldIsUnended = unended.old === old.length && old.length > 0;
  const newIsUnended = unended.new === added.length && added.length > 0;
  return {
    ...{ anchors, old, new: added, endsFile: endsFile || oldIsUnended || newIsUnended },
    ...(oldIsUnended !== newIsUnended && { finalLineEnd: oldIsUnended ? 'add' : 'remove' }),
  };
}

/** The text of a file that has nothing but the new lines of these hunks. */
export function fileText(hunks: readonly PatchHunk[]): string {
  const text = hunks.flatMap((hunk) => hunk.new.map((line) => `${line}\n`)).join('');
  return hunks.at(-1)?.finalLineEnd === 'remove' ? text.slice(0, -1) : text;
}

/** What stands behind `@@`: a line to look for; line numbers are nothing to rely on. */
export function anchorOf(header: string): string {
  const text = header
    .slice(2)
    .replace(/@@\s*$/, '')
    .trim();
  return /^[-+\d, ]*(@@.*)?$/.test(text) ? '' : text;
}

export function isEmpty({ old, new: added }: Pick<PatchHunk, 'old' | 'new'>): boolean {
  return old.length === 0 && added.length === 0;
}
