import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { Uri, workspace, type TextDocument } from 'vscode';
import { ToolError } from '../../core/errors';
import type { WorkspacePath } from '../../core/sandbox/sandbox';
import { openDocumentsAt } from '../openDocuments';

/**
 * The document of a file, opened without a tab where it is not open. Its address is the one under which the user's folder
 * was opened, not the real path behind a symlink: language servers only look at what lies in their folders.
 * @throws ToolError 'failed' where it is no text.
 */
export async function documentAt(file: WorkspacePath): Promise<TextDocument> {
  const open = openDocumentsAt(file)[0];
  if (open) return open;
  try {
    return await workspace.openTextDocument(uriAt(file));
  } catch (cause) {
    throw new ToolError('failed', `"${path.basename(file)}" cannot be opened as text.`, {
      advice: 'Language features are for text files that exist.',
      cause,
    });
  }
}

function uriAt(file: string): Uri {
  for (const { uri } of workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file') continue;
    const inside = path.relative(realPath(uri.fsPath), file);
    if (inside !== '' && !inside.startsWith(`..${path.sep}`) && inside !== '..' && !path.isAbsolute(inside))
      return Uri.file(path.join(uri.fsPath, inside));
  }
  return Uri.file(file);
}

function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}
