import { badPatch, type PatchFile } from './patchFile';
import { parseMarkedPatch } from './patchMarked';
import { parseUnifiedDiff } from './patchUnified';

const maxCharacters = 1_000_000;

/**
 * Reads a patch in the "*** Begin Patch" format or as unified diffs, with what models put around it. Line numbers are not
 * looked at: context decides.
 * @throws ToolError 'invalid_arguments', with the number of the line that cannot be read.
 */
export function parsePatch(text: string): readonly PatchFile[] {
  if (text.length > maxCharacters)
    throw badPatch(`The patch has ${text.length} characters; at most ${maxCharacters} are read.`);
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const begin = lines.findIndex((line) => line.trim() === '*** Begin Patch');
  const files = begin >= 0 ? parseMarkedPatch(lines, begin + 1) : parseUnifiedDiff(lines);
  if (files.length === 0) throw badPatch('The patch names no file.');
  return files;
}
