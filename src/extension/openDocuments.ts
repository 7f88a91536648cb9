import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { workspace, type TextDocument } from 'vscode';
import { fileUri } from './fileUri';

/**
 * The editor's documents of a file. The sandbox names files by their real path, the editor by the path under which the
 * user opened them, so a document reached through a symlink counts too. Documents with unsaved text come first.
 * @param file its real path, not followed again: where a link stands by now leads to another file.
 */
export function openDocumentsAt(file: string): readonly TextDocument[] {
  const wanted = fileUri(file).toString();
  return workspace.textDocuments
    .filter((document) => !document.isClosed)
    .filter(({ uri }) => uri.toString() === wanted || (uri.scheme === 'file' && realPath(uri.fsPath) === file))
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
