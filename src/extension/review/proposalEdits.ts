import { commands, EndOfLine, Range, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { lineChanges } from '../../core/edits/lineChanges';
import { ToolError } from '../../core/errors';
import { withLineFeeds } from '../lineEnds';
import type { ProposalFile } from './proposalFiles';

/**
 * Makes the right side's document show what the proposal holds by now, undoable there, and saves it into memory: its tab can
 * be closed without a question and shows the same when it is opened again.
 * @throws ToolError 'failed' when the document changed at that moment; then its text counts.
 */
export async function showOnRight({ right, text, change }: ProposalFile): Promise<void> {
  const document = await workspace.openTextDocument(right);
  const shown = document.getText();
  const wanted = withEnds(text.now ?? '', document);
  const edit = new WorkspaceEdit();
  for (const { start, end, text: replaced } of lineChanges(shown, wanted))
    edit.replace(right, new Range(document.positionAt(start), document.positionAt(end)), replaced);
  if (edit.size > 0 && !(await workspace.applyEdit(edit))) {
    text.shown(document.getText());
    throw new ToolError('failed', `The proposal for ${JSON.stringify(change.display)} changed at that moment.`, {
      advice: 'Look at it and decide again.',
    });
  }
  await saveAsItIs(document);
}

/** The user's formatters would make changes of their own to a proposal that they only wanted to decide on. */
async function saveAsItIs(document: TextDocument): Promise<void> {
  if (!document.isDirty) return;
  if (window.activeTextEditor?.document === document)
    await commands.executeCommand('workbench.action.files.saveWithoutFormatting');
  else await document.save();
}

function withEnds(text: string, { eol }: TextDocument): string {
  const lines = withLineFeeds(text);
  return eol === EndOfLine.CRLF ? lines.replace(/\n/g, '\r\n') : lines;
}
