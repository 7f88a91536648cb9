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
  return workspace.textDocuments
    .filter((document) => !document.isClosed)
    .filter(isAt(file))
    .sort((left, right) => Number(right.isDirty) - Number(left.isDirty));
}

/** The one of them that holds unsaved text. Cheap where none does: hundreds of files are looked at before a step. */
export function unsavedDocumentAt(file: string): TextDocument | undefined {
  const unsaved = workspace.textDocuments.filter(({ isDirty, isClosed }) => isDirty && !isClosed);
  return unsaved.length === 0 ? undefined : unsaved.find(isAt(file));
}

function isAt(file: string): (document: TextDocument) => boolean {
  const wanted = fileUri(file).toString();
  return ({ uri }) => uri.toString() === wanted || (uri.scheme === 'file' && realPath(uri.fsPath) === file);
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
