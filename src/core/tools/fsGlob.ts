import { defineTool } from './defineTool';
import { flagArgument, optionalNumber, optionalText, textArgument } from './readArguments';

const maxPaths = 1_000;

export const fsGlob = defineTool({
  name: 'fs_glob',
  description:
    'Finds files by name, for example `**/*.ts` or `src/*.{js,json}`; `*` stays within one folder, `**` goes through all. Files that .gitignore hides, symbolic links, node_modules and .git are left out, unless cwd names such a folder. Returns paths for the other tools, sorted, at most `limit`.',
  params: {
    pattern: { type: 'string', minLength: 1, description: 'The glob pattern, relative to cwd.' },
    cwd: { type: 'string', required: false, description: 'The folder to look in. Default: the whole workspace.' },
    dot: {
      type: 'boolean',
      default: false,
      description: 'Whether `*` finds names that begin with a dot. Default false.',
    },
    limit: { type: 'integer', minimum: 1, maximum: maxPaths, default: 200, description: 'Most paths. Default 200.' },
  },
  attributes: { readonly: true },
  async exec(args, { sandbox, signal }) {
    const pattern = textArgument(args, 'pattern');
    const folder = optionalText(args, 'cwd');
    const cwd = folder === undefined ? undefined : await sandbox.files.resolve(folder, signal);
    const limit = optionalNumber(args, 'limit') ?? 200;
    const { paths, truncated } = await sandbox.search.glob(
      { pattern, cwd: cwd?.path, dot: flagArgument(args, 'dot'), limit },
      signal,
    );
    const data = { ok: true, pattern, cwd: cwd?.display ?? '.', truncated, count: paths.length, matches: paths };
    return truncated
      ? { ok: true, data, note: `There are more than ${limit}. Give a narrower pattern or a cwd.` }
      : data;
  },
});
