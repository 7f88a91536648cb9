import { SandboxError } from '../errors';
import type { GrepResult } from '../sandbox/grepResult';
import type { ResolvedPath, Sandbox } from '../sandbox/sandbox';
import type { JsonObject } from '../util/json';
import { defineTool } from './defineTool';
import { fileNotFound } from './fileNotFound';
import { flagArgument, optionalNumber, optionalText, textArgument } from './readArguments';

const maxMatches = 1_000;

export const fsGrep = defineTool({
  name: 'fs_grep',
  description:
    'Searches the text of files, line by line: plain text, or with `regex: true` a JavaScript regular expression (flag u; `(?i)` in front ignores case). `path` is a file, a folder or a glob. Left out are what .gitignore hides, symbolic links, binary files, files over 10 MB, and files that hold secrets. Returns path, line, column and at most 200 characters of each matching line, sorted by path.',
  params: {
    pattern: { type: 'string', minLength: 1, description: 'The text or regular expression. It never spans lines.' },
    path: { type: 'string', required: false, description: 'File, folder or glob. Default: the whole workspace.' },
    regex: { type: 'boolean', default: false, description: 'Whether pattern is a regular expression. Default false.' },
    case_sensitive: { type: 'boolean', default: true, description: 'Default true.' },
    max_results: { type: 'integer', minimum: 1, maximum: maxMatches, default: 200, description: 'Default 200.' },
    count_left_out: {
      type: 'boolean',
      required: false,
      description: 'Also count the files that were left out, by reason; slower. Default false.',
    },
  },
  attributes: { readonly: true },
  async exec(args, { sandbox, signal }) {
    const limit = optionalNumber(args, 'max_results') ?? 200;
    const where = await whereToSearch(optionalText(args, 'path'), sandbox, signal);
    const result = await sandbox.search.grep(
      {
        pattern: textArgument(args, 'pattern'),
        regex: flagArgument(args, 'regex'),
        caseSensitive: flagArgument(args, 'case_sensitive', true),
        countLeftOut: flagArgument(args, 'count_left_out'),
        limit,
        ...where,
      },
      signal,
    );
    const note = noteOn(result, limit);
    return { ok: true, data: dataOf(result), ...(note !== '' && { note }) };
  },
});

function dataOf({ matches, truncated, secretFiles = 0, leftOut }: GrepResult): JsonObject {
  return {
    ok: true,
    matches: matches.map((match) => ({ ...match })),
    truncated,
    ...(secretFiles > 0 && { secret_files: secretFiles }),
    ...(leftOut && {
      left_out: {
        binary: leftOut.binary,
        too_large: leftOut.tooLarge,
        unreadable: leftOut.unreadable,
        ignored: leftOut.ignored,
      },
    }),
  };
}

function noteOn({ truncated, secretFiles = 0, leftOut }: GrepResult, limit: number): string {
  const counted = leftOut ? 'The counts end where the limit was reached.' : '';
  return [
    ...(truncated ? [`There are more than ${limit} matching lines. Narrow the pattern or the path.`, counted] : []),
    ...(secretFiles > 0
      ? [
          `${secretFiles} ${secretFiles === 1 ? 'file' : 'files'} that may hold secrets ${secretFiles === 1 ? 'was' : 'were'} not searched; fs_read asks the user for one.`,
        ]
      : []),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

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
