import { SandboxError } from '../errors';
import type { ResolvedPath, Sandbox } from '../sandbox/sandbox';
import { defineTool } from './defineTool';
import { fileNotFound } from './fsRead';
import { flagArgument, optionalNumber, optionalText, textArgument } from './readArguments';

const maxMatches = 1_000;

export const fsGrep = defineTool({
  name: 'fs_grep',
  description:
    'Searches the text of files, line by line: plain text, or a JavaScript regular expression with `regex: true`. `path` is a file, a folder or a glob; ignored, binary and over 10 MB large files are left out. Returns path, line, column and at most 200 characters of each matching line.',
  params: {
    pattern: { type: 'string', minLength: 1, description: 'The text or regular expression. It never spans lines.' },
    path: { type: 'string', required: false, description: 'File, folder or glob. Default: the whole workspace.' },
    regex: { type: 'boolean', default: false, description: 'Whether pattern is a regular expression. Default false.' },
    case_sensitive: { type: 'boolean', default: true, description: 'Default true.' },
    max_results: { type: 'integer', minimum: 1, maximum: maxMatches, default: 200, description: 'Default 200.' },
  },
  attributes: { readonly: true },
  async exec(args, { sandbox, signal }) {
    const limit = optionalNumber(args, 'max_results') ?? 200;
    const where = await whereToSearch(optionalText(args, 'path'), sandbox, signal);
    const { matches, truncated } = await sandbox.search.grep(
      {
        pattern: textArgument(args, 'pattern'),
        regex: flagArgument(args, 'regex'),
        caseSensitive: flagArgument(args, 'case_sensitive', true),
        limit,
        ...where,
      },
      signal,
    );
    const data = { ok: true, matches: matches.map((match) => ({ ...match })), truncated };
    return truncated
      ? { ok: true, data, note: `There are more than ${limit} matching lines. Narrow the pattern or the path.` }
      : data;
  },
});

type Where = { readonly path: ResolvedPath['path'] | undefined; readonly glob: string | undefined };

/** A path that exists is that path, even with brackets in its name; otherwise it may be a glob. */
async function whereToSearch(given: string | undefined, sandbox: Sandbox, signal: AbortSignal): Promise<Where> {
  if (given === undefined) return { path: undefined, glob: undefined };
  const isGlob = /[*?[\]{}]/.test(given);
  try {
    const resolved = await sandbox.files.resolve(given, signal);
    if (resolved.exists) return { path: resolved.path, glob: undefined };
    if (!isGlob) throw fileNotFound(resolved.display);
  } catch (error) {
    // Windows has no names with * or ?: there a glob is not even a path.
    if (!(isGlob && error instanceof SandboxError && error.code === 'windows_path')) throw error;
  }
  return { path: undefined, glob: given };
}
