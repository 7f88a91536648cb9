import { workspace } from 'vscode';
import { ToolError } from '../core/errors';
import type { FileRestore } from '../core/sandbox/sandbox';
import { setFileMode } from '../node/fileMode';
import { readBytes, sameBytes } from './fileBytes';
import { fileUri } from './fileUri';
import { alreadyExists, type Landing } from './landing';
import { openDocumentsAt } from './openDocuments';
import { errorText } from '../core/util/errorText';

/**
 * Checks a file that is to go back against the disk and the editor. Changes nothing. Unsaved text of the user is nobody else's
 * to throw away: its document is named, to be saved or reverted first.
 * @throws ToolError 'stale' | 'already_exists' | 'not_a_file' | 'failed'.
 */
export async function planRestore(
  { path, display, before, after }: FileRestore,
  signal: AbortSignal,
): Promise<Landing> {
  const documents = openDocumentsAt(path);
  const uri = documents[0]?.uri ?? fileUri(path);
  const isUnsaved =
    documents.some((document) => document.isDirty) ||
    workspace.notebookDocuments.some((one) => one.isDirty && one.uri.toString() === uri.toString());
  if (isUnsaved)
    throw new ToolError('stale', `"${display}" has unsaved text in its editor; nothing was restored.`, {
      advice: 'Save it or revert it, then look at the list of files again.',
    });
  const bytes = await readBytes(uri, display);
  signal.throwIfAborted();
  if (!sameBytes(bytes, before)) {
    if (before === undefined) throw alreadyExists(display);
    throw new ToolError('stale', `"${display}" changed at this moment; nothing was restored.`, {
      advice: 'Look at the list of files again.',
    });
  }
  if (before === undefined)
    return after ? { kind: 'create', uri, display, bytes: after } : { kind: 'nothing', uri, display };
  if (after === undefined) return { kind: 'delete', uri, display, bytes: before };
  return { kind: 'bytes', uri, display, before, after };
}

/** The permission bits of files on this machine. @throws ToolError 'failed', naming the files whose content is back all the same. */
export async function giveModes(files: readonly FileRestore[]): Promise<void> {
  const failed: string[] = [];
  for (const { path, display, after, mode } of files) {
    const uri = fileUri(path);
    if (after === undefined || mode === undefined || uri.scheme !== 'file') continue;
    try {
      await setFileMode(uri.fsPath, mode);
    } catch (error) {
      failed.push(`"${display}" (${errorText(error)})`);
    }
  }
  if (failed.length === 0) return;
  throw new ToolError('failed', `The files are back, but not the permissions of: ${failed.join(', ')}.`, {
    advice: 'Set them yourself.',
  });
}
