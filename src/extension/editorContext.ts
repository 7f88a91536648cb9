import * as path from 'node:path';
import * as vscode from 'vscode';
import type { NodeEnvironmentOptions } from '../node/environment';
import { rootFolders } from './workspaceSandbox';

/** What the editor shows of the workspace: files in tabs, files in sight, the active one. Paths as the model uses them. */
export const editorContext: NonNullable<NodeEnvironmentOptions['editor']> = () => {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const openFiles = tabs.flatMap(({ input }) =>
    input instanceof vscode.TabInputText ? (displayPath(input.uri) ?? []) : [],
  );
  const visibleFiles = vscode.window.visibleTextEditors.flatMap((editor) => displayPath(editor.document.uri) ?? []);
  const active = vscode.window.activeTextEditor?.document.uri;
  return {
    openFiles: [...new Set(openFiles)].slice(0, 50),
    visibleFiles: [...new Set(visibleFiles)],
    activeFile: active && displayPath(active),
  };
};

/** A workspace file's path for people and for the model: with `/`, prefixed by the folder's name when there are several. */
export function displayPath(uri: vscode.Uri): string | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder || !rootFolders().some((one) => one.uri.toString() === folder.uri.toString())) return undefined;
  return vscode.workspace
    .asRelativePath(uri, (vscode.workspace.workspaceFolders?.length ?? 0) > 1)
    .split(path.sep)
    .join('/');
}

/** The selection as a quoted question for the composer; undefined where nothing is open. */
export function selectionAsText(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  const file = displayPath(document.uri) ?? document.fileName;
  if (selection.isEmpty) return `In \`${file}\`, line ${selection.active.line + 1}: `;
  const text = document.getText(selection);
  const longestFence = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longestFence + 1);
  const lines = `lines ${selection.start.line + 1} to ${selection.end.line + 1}`;
  return `In \`${file}\`, ${lines}:\n${fence}${document.languageId}\n${text}\n${fence}\n`;
}
