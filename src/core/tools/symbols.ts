import { ToolError } from '../errors';
import type { SourceSymbol } from '../sandbox/sourcePlaces';
import type { JsonObject } from '../util/json';
import { defineTool } from './defineTool';
import { optionalNumber, optionalText } from './readArguments';
import { languageOf, openFile } from './symbolArgument';

const defaultLimit = 200;

export const symbols = defineTool({
  name: 'symbols',
  description:
    'Functions, classes, methods, variables as the editor knows them: the outline of one file (`path`), or declarations anywhere in the workspace by a part of their name (`query`), or both. Returns name, kind, path, line, column and, where known, the last line.',
  params: {
    path: { type: 'string', minLength: 1, required: false, description: 'The file whose symbols are wanted.' },
    query: { type: 'string', minLength: 1, maxLength: 200, required: false, description: 'A part of the name.' },
    max_results: { type: 'integer', minimum: 1, maximum: 1_000, default: defaultLimit, description: 'Default 200.' },
  },
  attributes: { readonly: true },
  available: ({ language }) => language !== undefined,
  async exec(args, { sandbox, signal }) {
    const language = languageOf(sandbox);
    const where = await whereToLook(optionalText(args, 'path'), optionalText(args, 'query'), { sandbox, signal });
    const limit = optionalNumber(args, 'max_results') ?? defaultLimit;
    const { symbols: found, truncated } = await language.symbols(where, limit, signal);
    const data = { symbols: found.map(symbolData), truncated };
    if (truncated) return { ok: true, data, note: `There are more than ${limit}. Give a longer query.` };
    if (found.length > 0) return data;
    return { ok: true, data, note: 'The editor knows of none. Not every language has symbols: fs_grep finds text.' };
  },
});

async function whereToLook(
  path: string | undefined,
  query: string | undefined,
  reading: Parameters<typeof openFile>[1],
): Promise<Parameters<ReturnType<typeof languageOf>['symbols']>[0]> {
  if (path !== undefined) {
    const file = await openFile(path, reading);
    return { path: file.path, ...(query !== undefined && { query }) };
  }
  if (query !== undefined) return { query };
  throw new ToolError('invalid_arguments', 'Neither `path` nor `query` is given.', {
    advice: 'Give a file, or a part of the name.',
    retryable: true,
  });
}

function symbolData({ name, kind, path, line, column, endLine, container }: SourceSymbol): JsonObject {
  return {
    ...{ name, kind, path, line, column },
    ...(endLine !== undefined && { end_line: endLine }),
    ...(container !== undefined && { container }),
  };
}
