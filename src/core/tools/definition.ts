import { defineTool } from './defineTool';
import { languageOf, symbolArgument, symbolParameters } from './symbolArgument';

export const definition = defineTool({
  name: 'definition',
  description:
    'Where a name is defined, as the editor knows it: give the file and the line in which you have seen the name. Definitions outside of the workspace (libraries) come with file and line only.',
  params: symbolParameters,
  attributes: { readonly: true },
  available: ({ language }) => language !== undefined,
  async exec(args, { sandbox, signal }) {
    const language = languageOf(sandbox);
    const symbol = await symbolArgument(args, { sandbox, signal });
    const places = await language.definition(symbol, signal);
    const data = { definitions: places.map((place) => ({ ...place })) };
    if (places.length > 0) return data;
    return { ok: true, data, note: 'The editor knows no definition of it. Search for it with fs_grep.' };
  },
});
