import { badPatch, type PatchFile } from './patchFile';
import { parseMarkedPatch } from './patchMarked';
import { parseUnifiedDiff } from './patchUnified';

const maxCharacters = 1_000_000;

/**
 * Reads patches in the "*** Begin Patch" format and unified diffs, one after the other, with what models put around them.
 * Line numbers are not looked at: context decides.
 * @throws ToolError 'invalid_arguments', with the number of the line that cannot be read; nothing is left out.
 */
export function parsePatch(text: string): readonly PatchFile[] {
  if (text.length > maxCharacters)
    throw badPatch(`The patch has ${text.length} characters; at most ${maxCharacters} are read.`);
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const files: PatchFile[] = [];
  for (let at = 0; at < lines.length;) {
    const begin = nextBegin(lines, at);
    for (const file of parseUnifiedDiff(lines, at, begin)) files.push(file);
    if (begin === lines.length) break;
    const marked = parseMarkedPatch(lines, begin + 1);
    for (const file of marked.files) files.push(file);
    at = marked.end;
  }
  if (files.length === 0) throw badPatch('The patch names no file.');
  return files;
}

function nextBegin(lines: readonly string[], from: number): number {
  let index = from;
  while (index < lines.length && lines[index]?.trimEnd() !== '*** Begin Patch') index++;
  return index;
}
