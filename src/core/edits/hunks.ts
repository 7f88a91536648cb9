import { structuredPatch } from 'diff';
import type { FileChangePreview } from '../protocol/toolCalls';
import type { FileChange } from '../sandbox/sandbox';
import { safeStart } from '../util/safeStart';

export interface UnifiedDiff {
  /** Hunks without file header, 3 lines of context. */
  readonly diff: string;
  readonly additions: number;
  readonly deletions: number;
}

const diffTimeoutMs = 500;
const maxPreviewCharacters = 20_000;

/** What differs, line by line. A rewrite that takes longer than 500 ms to compare is one hunk: all lines out, all lines in. */
export function unifiedDiff(before: string, after: string): UnifiedDiff {
  if (before === after) return { diff: '', additions: 0, deletions: 0 };
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context: 3, timeout: diffTimeoutMs });
  if (!patch) return wholeRewrite(before, after);
  const count = (sign: string): number =>
    patch.hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.startsWith(sign)).length, 0);
  const diff = patch.hunks
    .map((hunk) => {
      // The format's quirk: a side without lines is named by the line before it.
      const oldStart = hunk.oldLines === 0 ? hunk.oldStart - 1 : hunk.oldStart;
      const newStart = hunk.newLines === 0 ? hunk.newStart - 1 : hunk.newStart;
      const header = `@@ -${oldStart},${hunk.oldLines} +${newStart},${hunk.newLines} @@`;
      return [header, ...hunk.lines].join('\n');
    })
    .join('\n');
  return { diff, additions: count('+'), deletions: count('-') };
}

/** One file's change as people are shown it. */
export function previewOf({ display, before, after, guarded }: FileChange): FileChangePreview {
  const { diff, additions, deletions } = unifiedDiff(before ?? '', after ?? '');
  const truncated = diff.length > maxPreviewCharacters;
  const hidden = guarded?.kind === 'secret';
  const kind = before === undefined ? 'create' : after === undefined ? 'delete' : 'modify';
  return {
    path: display,
    kind,
    additions,
    deletions,
    // A preview is kept with the session.
    diff: hidden ? '' : truncated ? cutAtLine(diff, maxPreviewCharacters) : diff,
    truncated,
    ...(hidden && { hidden }),
  };
}

/** At most `limit` characters, whole lines where there is a line end, and never half of a surrogate pair. */
export function cutAtLine(text: string, limit: number): string {
  const lineEnd = text.lastIndexOf('\n', limit);
  if (lineEnd > limit / 2) return text.slice(0, lineEnd);
  return safeStart(text, limit);
}

function wholeRewrite(before: string, after: string): UnifiedDiff {
  const removed = linesOf(before);
  const added = linesOf(after);
  const header = `@@ -${removed.length === 0 ? 0 : 1},${removed.length} +${added.length === 0 ? 0 : 1},${added.length} @@`;
  const lines = [header, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  return { diff: lines.join('\n'), additions: added.length, deletions: removed.length };
}

/** A final line end ends the last line, it does not begin another one. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
