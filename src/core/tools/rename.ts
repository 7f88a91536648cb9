import { ToolError } from '../errors';
import { objectSchema } from './defineTool';
import { editPlan, unchanged } from './editPlan';
import { textArgument } from './readArguments';
import { languageOf, symbolArgument, symbolParameters } from './symbolArgument';
import type { Tool } from './tool';

export const rename: Tool = {
  name: 'rename',
  description:
    'Renames a symbol everywhere it is used, as the editor would: in all files at once, shown as one diff. Give the file and the line of its declaration: from an import it may only get an alias there. For code symbols; text and comments are left alone. Not for renaming files.',
  inputSchema: objectSchema({
    ...symbolParameters,
    new_name: { type: 'string', minLength: 1, maxLength: 500, description: 'The new name.' },
  }),
  available: ({ language }) => language !== undefined,
  async plan(args, { sandbox, signal }) {
    const language = languageOf(sandbox);
    const symbol = await symbolArgument(args, { sandbox, signal });
    const newName = textArgument(args, 'new_name');
    if (/[\r\n]/.test(newName))
      throw new ToolError('invalid_arguments', `${JSON.stringify(newName)} is not a name.`, {
        advice: 'A name has no line breaks.',
      });
    const planned = await language.planRename(symbol, newName, signal);
    const changes = planned.filter(({ before, after }) => before !== after);
    if (changes.length === 0) throw unchanged(textArgument(args, 'path'));
    return editPlan(changes, () => ({ ok: true, files: changes.map(({ display }) => display) }));
  },
};
