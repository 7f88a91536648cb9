import { defineTool } from './defineTool';
import { optionalNumber } from './readArguments';
import { languageOf, symbolArgument, symbolParameters } from './symbolArgument';

const defaultLimit = 200;

export const references = defineTool({
  name: 'references',
  description:
    'All places that use a name, its declaration included, as the editor knows them: not those that only read alike. Give the file and a line in which the name stands.',
  params: {
    ...symbolParameters,
    max_results: { type: 'integer', minimum: 1, maximum: 1_000, default: defaultLimit, description: 'Default 200.' },
  },
  attributes: { readonly: true },
  available: ({ language }) => language !== undefined,
  async exec(args, { sandbox, signal }) {
    const language = languageOf(sandbox);
    const symbol = await symbolArgument(args, { sandbox, signal });
    const limit = optionalNumber(args, 'max_results') ?? defaultLimit;
    const { places, truncated } = await language.references(symbol, limit, signal);
    const data = { references: places.map((place) => ({ ...place })), truncated };
    if (truncated) return { ok: true, data, note: `There are more than ${limit} places.` };
    if (places.length > 0) return data;
    return { ok: true, data, note: 'The editor knows no use of it. Search for it with fs_grep.' };
  },
});
