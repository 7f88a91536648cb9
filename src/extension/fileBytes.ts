import { FileSystemError, type Uri, workspace } from 'vscode';
import { ToolError } from '../core/errors';
import { errorText } from '../core/util/errorText';

/** The bytes on disk, undefined when there is no such file. @throws ToolError 'not_a_file' | 'failed'. */
export async function readBytes(uri: Uri, display: string): Promise<Uint8Array | undefined> {
  try {
    return await workspace.fs.readFile(uri);
  } catch (cause) {
    const code = cause instanceof FileSystemError ? cause.code : '';
    if (code === 'FileNotFound') return undefined;
    if (code === 'FileIsADirectory')
      throw new ToolError('not_a_file', `"${display}" is a folder.`, { advice: 'Name a file in it.', cause });
    throw new ToolError('failed', `"${display}" cannot be read: ${errorText(cause)}`, {
      advice: 'Check that every folder on its path is one, and that the file may be read.',
      cause,
    });
  }
}

/**
 * Text whose encoding gives the same bytes again; anything else would damage the file when it is saved.
 * @throws ToolError 'unsupported_encoding'.
 */
export async function decodeExactly(bytes: Uint8Array, encoding: string, display: string): Promise<string> {
  const text = await workspace.decode(bytes, { encoding });
  if (sameBytes(await workspace.encode(text, { encoding }), bytes)) return text;
  throw new ToolError(
    'unsupported_encoding',
    `"${display}" is not valid ${encoding}: saving it would change its bytes.`,
    {
      advice:
        'Leave this file alone, or ask the user to choose its encoding ("Reopen with Encoding") or to convert it.',
    },
  );
}

/**
 * Bytes that decode to the same text again. A Uri instead of an encoding: a new file's, as the user's settings have it.
 * @throws ToolError 'unsupported_encoding' for a character that the encoding lacks, or for half of a surrogate pair.
 */
export async function encodeExactly(text: string, encoding: string | Uri, display: string): Promise<Uint8Array> {
  const bytes = await (typeof encoding === 'string'
    ? workspace.encode(text, { encoding })
    : workspace.encode(text, { uri: encoding }));
  const back = await (typeof encoding === 'string'
    ? workspace.decode(bytes, { encoding })
    : workspace.decode(bytes, { uri: encoding }));
  // A leading byte order mark of the text's own is taken for the encoding's when it is read.
  if (back === text || `\uFEFF${back}` === text) return bytes;
  const lost = firstDifference(text, back);
  throw new ToolError(
    'unsupported_encoding',
    `The encoding of "${display}" cannot hold the character ${JSON.stringify(lost.character)} in line ${lost.line}: it would be lost.`,
    { advice: 'Write the text without this character, or ask the user to save the file as UTF-8 first.' },
  );
}

export function sameBytes(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.byteLength === right.byteLength && left.every((byte, index) => byte === right[index]);
}

function firstDifference(text: string, back: string): { readonly character: string; readonly line: number } {
  const kept = Array.from(back);
  let line = 1;
  for (const [index, character] of Array.from(text).entries()) {
    if (character !== kept[index]) return { character, line };
    if (character === '\n') line += 1;
  }
  return { character: '', line };
}
