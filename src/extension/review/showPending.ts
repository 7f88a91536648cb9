import * as vscode from 'vscode';
import type { PendingFile } from './pendingReviews';

/** Opens a file at a hunk. Of one that is not there any more only the list can tell. @param line from 0 */
export async function showPending({ uri, display, kind, state }: PendingFile, line: number): Promise<void> {
  if (kind === 'deleted' || state === 'gone') {
    void vscode.window.showInformationMessage(`${display} is not there any more. Accept or reject that in the chat.`);
    return;
  }
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(line, 0, line, 0) });
}
