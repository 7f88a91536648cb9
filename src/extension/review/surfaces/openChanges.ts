import { commands, Range, Selection, TextEditorRevealType, window, type TextEditor } from 'vscode';
import type { Hunk } from '../../../core/edits/review';
import type { PendingFile, PendingReviews } from '../pendingReviews';
import { isThere, type Baselines } from './baselines';
import { headLine } from './hunkMarks';

/** The title of the view of all pending files. */
export const allChangesTitle = 'Changes to Review';

/** Opens pending files, because the user asked for it. */
export class OpenChanges {
  readonly #pending: PendingReviews;
  readonly #baselines: Baselines;

  constructor(pending: PendingReviews, baselines: Baselines) {
    this.#pending = pending;
    this.#baselines = baselines;
  }

  /** What was countersigned beside what stands there now. */
  async compare(file: PendingFile): Promise<void> {
    const [base, now] = [this.#baselines.base(file.uri), this.#baselines.now(file)];
    await commands.executeCommand('vscode.diff', base, now, titleOf(file));
  }

  /** All pending files in one view. */
  async compareAll(): Promise<void> {
    const rows = this.#pending.files.map((file) => [
      file.uri,
      file.kind === 'created' ? undefined : this.#baselines.base(file.uri),
      isThere(file) ? file.uri : undefined,
    ]);
    await commands.executeCommand('vscode.changes', allChangesTitle, rows);
  }

  /** Puts the cursor to the hunk, in the editor that shows it if there is one. */
  async reveal(file: PendingFile, hunk: Hunk): Promise<void> {
    if (!isThere(file)) {
      await this.compare(file);
      return;
    }
    const isOfFile = ({ document }: TextEditor): boolean => document.uri.toString() === file.uri.toString();
    const active = window.activeTextEditor;
    const shown = active && isOfFile(active) ? active : window.visibleTextEditors.find(isOfFile);
    // The active editor stays as it is: it may be one side of a comparison.
    const editor =
      shown && shown === active
        ? shown
        : await window.showTextDocument(file.uri, shown?.viewColumn ? { viewColumn: shown.viewColumn } : {});
    const line = headLine(hunk, editor.document.lineCount);
    editor.selection = new Selection(line, 0, line, 0);
    editor.revealRange(new Range(line, 0, lastLine(hunk, line), 0), TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

function lastLine({ nowLines }: Hunk, line: number): number {
  return line + Math.max(0, nowLines - 1);
}

function titleOf({ kind, display, movedFrom }: PendingFile): string {
  const name = movedFrom === undefined ? display : `${movedFrom} → ${display}`;
  switch (kind) {
    case 'created':
      return `${name} (new) — to review`;
    case 'deleted':
      return `${name} — deletion to review`;
    case 'modified':
      return `${name} — to review`;
  }
}
