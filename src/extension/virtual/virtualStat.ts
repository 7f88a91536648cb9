import { FileSystemError, type FileStat, type Uri, workspace } from 'vscode';
import { ToolError } from '../../core/errors';
import { errorText } from '../../core/util/errorText';

/** Undefined: there is no such thing. @throws ToolError 'failed' when the file system cannot be asked. */
export async function statOf(uri: Uri): Promise<FileStat | undefined> {
  try {
    return await workspace.fs.stat(uri);
  } catch (cause) {
    if (cause instanceof FileSystemError && ['FileNotFound', 'FileNotADirectory'].includes(cause.code))
      return undefined;
    throw new ToolError('failed', `"${uri.toString()}" cannot be looked at: ${errorText(cause)}`, {
      advice: 'The file system may be offline. Try again.',
      retryable: true,
      cause,
    });
  }
}
