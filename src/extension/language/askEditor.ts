import { commands } from 'vscode';
import { ToolError } from '../../core/errors';
import { isAborted } from '../../core/util/abort';
import { orAborted } from '../models/orAborted';
import { errorText } from '../../core/util/errorText';

export interface EditorQuestion {
  readonly command: string;
  readonly args: readonly unknown[];
  readonly limitMs: number;
}

/**
 * Asks the editor's language features, which end in other extensions: they may hang, throw, or answer with nothing.
 * @param type what the command answers with, by the documentation of VS Code
 * @throws ToolError 'timeout' after `limitMs`, 'failed' with the extension's own words; the signal's reason.
 */
export async function askEditor<T>(
  { command, args, limitMs }: EditorQuestion,
  signal: AbortSignal,
): Promise<T | undefined> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const work = Promise.resolve(commands.executeCommand<T | undefined>(command, ...args));
    return await orAborted(work, AbortSignal.any([signal, limit]));
  } catch (error) {
    if (isAborted(signal)) throw error;
    if (limit.aborted) throw tooSlow(limitMs);
    throw new ToolError('failed', `The editor refused: ${errorText(error)}`, {
      advice: 'Read the file again and check the place, or do it with fs_grep and fs_multi_edit.',
      cause: error,
    });
  }
}

export function tooSlow(limitMs: number): ToolError {
  return new ToolError('timeout', `The editor did not answer within ${limitMs / 1_000} s.`, {
    advice: 'The language server may still be starting. Try once more later, or do it without the editor.',
    retryable: true,
  });
}
