import { linesOf } from '../edits/hunks';
import { replaceInText } from '../edits/textEdit';
import { objectSchema } from './defineTool';
import { changeOf, currentFile, editPlan, landedText } from './editPlan';
import { fileNotFound } from './fileNotFound';
import { flagArgument, textArgument } from './readArguments';
import { keepSecrets } from './keepSecrets';
import type { Tool, ToolPlan } from './tool';
import type { ResolvedPath } from '../sandbox/sandbox';
import type { JsonObject } from '../util/json';

export const fsEdit: Tool = {
  name: 'fs_edit',
  description:
    'Replaces text in one file. `old_string` must stand in exactly one place: include enough unchanged lines around it, copied exactly with their indentation. It is refused when it is missing or stands in several places (unless replace_all). Read the file first.',
  inputSchema: objectSchema({
    path: { type: 'string', minLength: 1, description: 'The file, relative to the workspace folder.' },
    old_string: { type: 'string', minLength: 1, description: 'The text to replace, exactly as it is in the file.' },
    new_string: { type: 'string', description: 'What stands there instead; empty to delete.' },
    replace_all: { type: 'boolean', default: false, description: 'Replace every place. Default false.' },
  }),
  async plan(args, ctx) {
    const { resolved, text: before } = await currentFile(textArgument(args, 'path'), ctx);
    if (before === undefined) throw fileNotFound(resolved.display);
    return keepSecrets({ name: fsEdit.name, args }, [resolved], () => planOf(resolved, before, args));
  },
};

function planOf(resolved: ResolvedPath, before: string, args: JsonObject): ToolPlan {
  const { text: after, replacements } = replaceInText(
    before,
    textArgument(args, 'old_string'),
    textArgument(args, 'new_string'),
    { replaceAll: flagArgument(args, 'replace_all') },
  );
  const change = changeOf(resolved, before, after);
  return editPlan([change], (applied) => ({
    ok: true,
    path: change.display,
    replacements,
    lines: linesOf(landedText(change, applied)).length,
  }));
}
