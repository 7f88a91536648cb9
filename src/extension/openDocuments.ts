import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { Uri, workspace, type TextDocument } from 'vscode';

/**
 * The editor's documents of a file. The sandbox names files by their real path, the editor by the path under which the
 * user opened them, so a document reached through a symlink counts too. Documents with unsaved text come first.
 * @param file its real path, not followed again: where a link stands by now leads to another file.
 */
export function openDocumentsAt(file: string): readonly TextDocument[] {
  const wanted = Uri.file(file).toString();
  return workspace.textDocuments
    .filter((document) => document.uri.scheme === 'file' && !document.isClosed)
    .filter((document) => document.uri.toString() === wanted || realPath(document.uri.fsPath) === file)
    .sort((left, right) => Number(right.isDirty) - Number(left.isDirty));
}

/** Of a file that is gone: its place in the real folder. */
function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPath(parent), path.basename(file));
  }
}
