import type { PatchHunk } from './patchFile';

/** A hunk while its lines are read. */
export interface OpenHunk {
  readonly anchors: string[];
  readonly old: string[];
  readonly new: string[];
  endsFile: boolean;
}

export function openHunk(anchors: readonly string[] = []): OpenHunk {
  return { anchors: [...anchors], old: [], new: [], endsFile: false };
}

/** False: the line belongs to no hunk. An empty line is a context line whose one blank got lost. */
export function takeLine(hunk: OpenHunk, line: string): boolean {
  const text = line.slice(1);
  switch (line.charAt(0)) {
    case '':
    case ' ':
      hunk.old.push(text);
      hunk.new.push(text);
      return true;
    case '-':
      hunk.old.push(text);
      return true;
    case '+':
      hunk.new.push(text);
      return true;
    case '\\':
      return true;
    default:
      return false;
  }
}

/** What stands behind `@@`: a line to look for; line numbers are nothing to rely on. */
export function anchorOf(header: string): string {
  const text = header
    .slice(2)
    .replace(/@@\s*$/, '')
    .trim();
  return /^[-+\d, ]*(@@.*)?$/.test(text) ? '' : text;
}

export function isEmpty({ old, new: added }: PatchHunk): boolean {
  return old.length === 0 && added.length === 0;
}
