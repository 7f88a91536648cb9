import { linesOf } from '../edits/hunks';
import { lineEndsOf } from '../edits/lineEnds';
import { ToolError } from '../errors';
import { objectSchema } from './defineTool';
import { changeOf, currentFile, editPlan, landedText, unchanged } from './editPlan';
import { keepSecrets } from './keepSecrets';
import { textArgument } from './readArguments';
import type { Tool } from './tool';

export const fsWrite: Tool = {
  name: 'fs_write',
  description:
    'Writes a whole text file: creates it with its folders, or replaces everything in it. To change parts of a file use fs_edit. An existing file keeps its encoding and its CRLF line ends.',
  inputSchema: objectSchema({
    path: { type: 'string', minLength: 1, description: 'The file, relative to the workspace folder.' },
    content: { type: 'string', description: 'The complete new text of the file.' },
  }),
  async plan(args, ctx) {
    const { resolved, text: before } = await currentFile(textArgument(args, 'path'), ctx);
    const after = withLineEndsOf(before, textArgument(args, 'content'));
    const change = changeOf(resolved, before, after);
    if (after === before)
      return keepSecrets({ name: fsWrite.name, args }, [resolved], () => Promise.reject(unchanged(resolved.display)));
    if (before !== undefined && ctx.services.files.isOutdated(resolved, before))
      return keepSecrets({ name: fsWrite.name, args }, [resolved], () => Promise.reject(outdated(resolved.display)));
    return editPlan([change], (applied) => {
      const landed = landedText(change, applied);
      return {
        ok: true,
        path: change.display,
        bytes: new TextEncoder().encode(landed).length,
        lines: linesOf(landed).length,
      };
    });
  },
};

/** The model writes what it knows of the file: what others have changed since would be lost. */
function outdated(display: string): ToolError {
  return new ToolError(
    'stale',
    `${JSON.stringify(display)} has changed since you last read or wrote it: nothing was written.`,
    {
      advice: 'Read it again; then write it with what has changed, or change parts of it with fs_edit.',
      retryable: true,
    },
  );
}

/** Models write `\n`: a file that has CRLF throughout keeps it, so that the diff shows what was meant. */
function withLineEndsOf(before: string | undefined, content: string): string {
  if (before === undefined || lineEndsOf(before) !== 'crlf' || lineEndsOf(content) !== 'lf') return content;
  return content.split('\n').join('\r\n');
}
