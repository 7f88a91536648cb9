import * as path from 'node:path';
import type { GrepMatch, GrepResult } from '../../core/sandbox/grepResult';
import type { GlobRequest, GrepRequest, Search, WorkspacePath } from '../../core/sandbox/sandbox';
import type { PathBox } from '../pathBox';
import { FileFinder, type RipgrepOption } from './fileFinder';
import { LeftOut } from './leftOut';
import { makeLineFinder, type LinePattern } from './lineFinder';
import { makeNameFinder, type NameFinder } from './nameFinder';
import type { LineMatch } from './regexWorker';
import { splitPattern } from './splitPattern';

const maxPreviewCharacters = 200;

/** Search on the local disk: with ripgrep where it is present and can be asked, else by its own walk; both find the same. */
export class LocalSearch implements Search {
  readonly #box: PathBox;
  readonly #files: FileFinder;

  constructor(box: PathBox, ripgrep: RipgrepOption = {}) {
    this.#box = box;
    this.#files = new FileFinder(box, ripgrep);
  }

  async glob(
    { pattern, cwd, dot, limit }: GlobRequest,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }> {
    const { base, glob } = splitPattern(pattern);
    const folders = await this.#startOf(base, cwd, signal);
    const names = makeNameFinder(glob, { dot, basename: false });
    const paths: string[] = [];
    try {
      for await (const batch of this.#files.batches({ folders, names, lines: undefined }, signal)) {
        paths.push(...(await Promise.all(batch.map(({ path: file }) => this.#box.displayOf(file)))));
        if (paths.length > limit) return { paths: paths.slice(0, limit), truncated: true };
      }
      return { paths, truncated: false };
    } finally {
      await names.dispose();
    }
  }

  async grep(request: GrepRequest, signal: AbortSignal): Promise<GrepResult> {
    const { base, glob } = request.glob === undefined ? { base: '', glob: undefined } : splitPattern(request.glob);
    const folders = await this.#startOf(base, request.path, signal);
    const lines = makeLineFinder(request);
    try {
      const names = glob === undefined ? undefined : makeNameFinder(glob, { dot: true, basename: base === '' });
      try {
        return await this.#grepFiles(request, { folders, lines, names }, signal);
      } finally {
        await names?.dispose();
      }
    } finally {
      await lines.finder.dispose();
    }
  }

  async #grepFiles(
    { limit, countLeftOut = false }: GrepRequest,
    where: {
      readonly folders: readonly WorkspacePath[];
      readonly lines: LinePattern;
      readonly names: NameFinder | undefined;
    },
    signal: AbortSignal,
  ): Promise<GrepResult> {
    const matches: GrepMatch[] = [];
    const left = new LeftOut(this.#box);
    const result = (truncated: boolean): GrepResult => ({
      ...{ matches: matches.slice(0, limit), truncated, secretFiles: left.secretFiles },
      ...(countLeftOut && { leftOut: left.counts() }),
    });
    // Whoever wants to know what was left out needs a look at every file.
    const onIgnored = countLeftOut ? (): void => left.addIgnored() : undefined;
    for await (const batch of this.#files.batches({ ...where, onIgnored }, signal)) {
      const texts = await Promise.all(batch.map((file) => left.textOf(file, signal)));
      for (const [index, { path: file }] of batch.entries()) {
        const found = await where.lines.finder.find(texts[index] ?? '', limit + 1 - matches.length, signal);
        if (found.length === 0) continue;
        const display = await this.#box.displayOf(file);
        matches.push(...found.map((match) => ({ path: display, ...shown(match) })));
        if (matches.length > limit) return result(true);
      }
    }
    return result(false);
  }

  /** Where to look: a file or folder that the request names, else all roots. Empty: there is no such folder. */
  async #startOf(
    base: string,
    within: WorkspacePath | undefined,
    signal: AbortSignal,
  ): Promise<readonly WorkspacePath[]> {
    if (base === '') return within === undefined ? this.#box.realRoots() : [within];
    const target = within === undefined || path.isAbsolute(base) ? base : path.join(within, base);
    const resolved = await this.#box.resolve(target, signal);
    return resolved.exists ? [resolved.path] : [];
  }
}

function shown({ line, column, text }: LineMatch): Omit<GrepMatch, 'path'> {
  const start = column > maxPreviewCharacters - 50 ? Math.max(0, column - 1 - 50) : 0;
  const preview = text.replace(/\r$/, '').slice(start, start + maxPreviewCharacters);
  return { line, column, preview };
}
