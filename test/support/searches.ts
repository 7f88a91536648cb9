import type { GrepResult } from '../../src/core/sandbox/grepResult';
import type { GlobRequest, GrepRequest } from '../../src/core/sandbox/sandbox';
import { LocalSandbox } from '../../src/node/localSandbox';
import type { RipgrepOption } from '../../src/node/search/fileFinder';
import { neverAborted as signal } from './refusal';

export type Grep = Partial<Omit<GrepRequest, 'path' | 'pattern'>> & { readonly path?: string };

export async function grepIn(
  workDir: string,
  ripgrep: RipgrepOption,
  pattern: string,
  more: Grep = {},
): Promise<GrepResult> {
  const { files, search } = new LocalSandbox({ workDir, ripgrep });
  const where = more.path === undefined ? undefined : (await files.resolve(more.path, signal)).path;
  const request = { regex: false, caseSensitive: true, glob: undefined, limit: 100, ...more };
  return search.grep({ ...request, pattern, path: where }, signal);
}

export async function globIn(
  workDir: string,
  ripgrep: RipgrepOption,
  pattern: string,
  more: Partial<GlobRequest> = {},
) {
  const request = { cwd: undefined, dot: true, limit: 100, ...more };
  return new LocalSandbox({ workDir, ripgrep }).search.glob({ ...request, pattern }, signal);
}

/** `path:line:column` of each match. */
export const places = ({ matches }: GrepResult): readonly string[] =>
  matches.map(({ path: file, line, column }) => `${file}:${line}:${column}`);
