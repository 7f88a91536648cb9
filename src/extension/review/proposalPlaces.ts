import { window, type TextEditor } from 'vscode';
import type { ProposalFile } from './proposalFiles';
import type { LineSpan, OpenHunk } from './proposedText';

/** Where in a diff a command is about. */
export interface HunkPlace {
  readonly file: ProposalFile;
  readonly side: 'left' | 'right';
  /** 0-based. */
  readonly line: number;
  /** What the user sees; undefined: they have pointed at the line. */
  readonly editor: TextEditor | undefined;
}

/** The line that was clicked in the margin, else the cursor's, else the first. */
export function placeIn(file: ProposalFile, [clicked]: readonly unknown[]): HunkPlace {
  const editor = editorOf(file);
  const side = editor?.document.uri.toString() === file.left.toString() ? 'left' : 'right';
  const lineNumber: unknown =
    typeof clicked === 'object' && clicked !== null ? Reflect.get(clicked, 'lineNumber') : undefined;
  if (typeof lineNumber === 'number') return { file, side, line: lineNumber - 1, editor: undefined };
  return { file, side, line: editor?.selection.active.line ?? 0, editor };
}

/** The hunk at the place, else the next one below, else the first. */
export function hunkMeant({ file, side, line }: HunkPlace): OpenHunk | undefined {
  const { hunks } = file.text;
  return hunks.find((hunk) => endOf(hunk[side]) > line) ?? hunks[0];
}

/** The next hunk from the place on, or the one before it; undefined: there is none in this direction. */
export function neighbourOf({ file, side, line }: HunkPlace, step: 1 | -1): OpenHunk | undefined {
  const { hunks } = file.text;
  return step === 1
    ? hunks.find((hunk) => hunk[side].start > line)
    : hunks.findLast((hunk) => hunk[side].start < line && endOf(hunk[side]) <= line);
}

/** Whether the hunk, or the first of it, is on the screen. */
export function isSeen({ side, line, editor }: HunkPlace, hunk: OpenHunk): boolean {
  const { start } = hunk[side];
  if (!editor || (start <= line && line < endOf(hunk[side]))) return true;
  // What was only taken out stands between two lines.
  return editor.visibleRanges.some((range) => range.start.line <= start && start <= range.end.line + 1);
}

/** The active editor, where it shows a side of this file. */
export function editorOf({ left, right }: ProposalFile): TextEditor | undefined {
  const uri = window.activeTextEditor?.document.uri.toString();
  return uri === left.toString() || uri === right.toString() ? window.activeTextEditor : undefined;
}

/** What has no lines on this side is found at the line that it stands before. */
function endOf({ start, lines }: LineSpan): number {
  return start + Math.max(1, lines);
}
