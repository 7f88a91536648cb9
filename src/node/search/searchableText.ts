import { stat } from 'node:fs/promises';
import { unlessFailing } from '../systemError';

/** Whether a path leads to a file and not to a folder. */
export async function isSearchable(target: string): Promise<boolean> {
  return (await unlessFailing(['ENOENT', 'ENOTDIR'], stat(target)))?.isFile() ?? false;
}

/** The text to search in; undefined for binary files, which hold a zero byte, as for ripgrep. Old encodings are read as Latin-1: their ASCII is found all the same. */
export function searchableText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // A byte order mark is none of the text, whatever comes after it.
    const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    if (error instanceof TypeError) return bytes.toString('latin1', start);
    throw error;
  }
}
