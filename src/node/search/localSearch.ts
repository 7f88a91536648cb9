import * as path from 'node:path';
import picomatch from 'picomatch';
import { ToolError } from '../../core/errors';
import type { GlobRequest, GrepMatch, GrepRequest, Search, WorkspacePath } from '../../core/sandbox/sandbox';
import { readFileInside } from '../localFiles';
import type { PathBox } from '../pathBox';
import { isInside, hostPathRules } from '../lexicalPath';
import { isSearchable, searchableText } from './searchableText';
import { makeLineFinder, type LineFinder } from './lineFinder';
import { makeNameFinder, type NameFinder } from './nameFinder';
import type { LineMatch } from './regexWorker';
import { walk, type WalkedFile } from './walk';

const maxWalkedFiles = 200_000;
const maxPreviewCharacters = 200;
/** So many files are looked at side by side. */
const batchFiles = 32;

/** Search on the local disk by its own walk, without a program beside it. */
export class LocalSearch implements Search {
  readonly #box: PathBox;

  constructor(box: PathBox) {
    this.#box = box;
  }

  async glob(
    { pattern, cwd, dot, limit }: GlobRequest,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }> {
    const { base, glob } = splitPattern(pattern);
    const start = await this.#startOf(base, cwd, signal);
    if (!start) return { paths: [], truncated: false };
    const finder = makeNameFinder(glob, { dot, basename: false });
    const paths: string[] = [];
    try {
      for await (const batch of this.#batches(start, signal)) {
        const names = await this.#namesOf(batch, start);
        const selected = new Set(await finder.select([...names.values()].flat(), signal));
        for (const [display, candidates] of names)
          if (candidates.some((name) => selected.has(name))) paths.push(display);
        if (paths.length > limit) return { paths: paths.slice(0, limit), truncated: true };
      }
      return { paths, truncated: false };
    } finally {
      await finder.dispose();
    }
  }

  async grep(
    request: GrepRequest,
    signal: AbortSignal,
  ): Promise<{ readonly matches: readonly GrepMatch[]; readonly truncated: boolean }> {
    const { base, glob } = request.glob === undefined ? { base: '', glob: undefined } : splitPattern(request.glob);
    const start = await this.#startOf(base, request.path, signal);
    if (!start) return { matches: [], truncated: false };
    const finder = makeLineFinder(request);
    const names = glob === undefined ? undefined : makeNameFinder(glob, { dot: true, basename: base === '' });
    try {
      return await this.#grepFiles(start, finder, names, request.limit, signal);
    } finally {
      await finder.dispose();
      await names?.dispose();
    }
  }

  async #grepFiles(
    start: readonly WorkspacePath[],
    finder: LineFinder,
    names: NameFinder | undefined,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly matches: readonly GrepMatch[]; readonly truncated: boolean }> {
    const matches: GrepMatch[] = [];
    for await (const batch of this.#batches(start, signal)) {
      const files = (await this.#select(batch, start, names, signal)).filter(({ isLink }) => !isLink);
      const texts = await Promise.all(files.map((file) => this.#textOf(file.path, signal)));
      for (const [index, file] of files.entries()) {
        const found = await finder.find(texts[index] ?? '', limit + 1 - matches.length, signal);
        if (found.length === 0) continue;
        const display = await this.#box.displayOf(file.path);
        matches.push(...found.map((match) => ({ path: display, ...shown(match) })));
        if (matches.length > limit) return { matches: matches.slice(0, limit), truncated: true };
      }
    }
    return { matches, truncated: false };
  }

  /** Where the walk begins: a file or folder that the request names, else all roots. Undefined: there is no such folder. */
  async #startOf(
    base: string,
    within: WorkspacePath | undefined,
    signal: AbortSignal,
  ): Promise<readonly WorkspacePath[] | undefined> {
    if (base === '') return within === undefined ? this.#box.realRoots() : [within];
    const target = within === undefined || path.isAbsolute(base) ? base : path.join(within, base);
    const resolved = await this.#box.resolve(target, signal);
    return resolved.exists ? [resolved.path] : undefined;
  }

  async *#batches(
    starts: readonly WorkspacePath[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly WalkedFile[], void, undefined> {
    let batch: WalkedFile[] = [];
    let walked = 0;
    for (const start of starts)
      for await (const file of this.#filesFrom(start, signal)) {
        batch.push(file);
        walked += 1;
        if (walked > maxWalkedFiles) throw tooManyFiles();
        if (batch.length < batchFiles) continue;
        yield batch;
        batch = [];
      }
    yield batch;
  }

  async *#filesFrom(start: WorkspacePath, signal: AbortSignal): AsyncGenerator<WalkedFile, void, undefined> {
    if (await isSearchable(start)) {
      yield { path: start, isLink: false };
      return;
    }
    const roots = (await this.#box.realRoots()).filter((root) => isInside(root, start, hostPathRules, false));
    yield* walk(this.#box, roots.at(0) ?? start, start, signal);
  }

  /** The names under which a file may be meant: relative to where the walk began, and as people know it. */
  async #namesOf(
    files: readonly WalkedFile[],
    starts: readonly WorkspacePath[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const named = files.map(async ({ path: file }): Promise<readonly [string, readonly string[]]> => {
      const display = await this.#box.displayOf(file);
      const start = starts.find((candidate) => isInside(candidate, file, hostPathRules, false)) ?? '';
      const relative = path.relative(start, file).split(path.sep).join('/');
      return [display, starts.length > 1 ? [relative, display] : [relative === '' ? path.basename(file) : relative]];
    });
    return new Map(await Promise.all(named));
  }

  async #select(
    files: readonly WalkedFile[],
    starts: readonly WorkspacePath[],
    names: NameFinder | undefined,
    signal: AbortSignal,
  ): Promise<readonly WalkedFile[]> {
    if (!names) return files;
    const known = await this.#namesOf(files, starts);
    const selected = new Set(await names.select([...known.values()].flat(), signal));
    const candidates = [...known.values()];
    return files.filter((_, index) => candidates[index]?.some((name) => selected.has(name)));
  }

  /** Undefined for what is no text, or cannot be read. */
  async #textOf(file: string, signal: AbortSignal): Promise<string | undefined> {
    const [read] = await Promise.allSettled([readFileInside(this.#box, file, signal)]);
    signal.throwIfAborted();
    return read.status === 'fulfilled' ? searchableText(read.value) : undefined;
  }
}

/** `src/**\/*.ts` begins in `src`: so a folder that is named is searched even where git ignores it. */
function splitPattern(pattern: string): { readonly base: string; readonly glob: string } {
  const plain = pattern.replace(/^\.\//, '');
  if (/[!()]/.test(plain)) return { base: '', glob: plain };
  const { base, glob } = picomatch.scan(plain);
  if (glob !== '') return { base, glob };
  return { base: path.posix.dirname(base) === '.' ? '' : path.posix.dirname(base), glob: path.posix.basename(base) };
}

function shown({ line, column, text }: LineMatch): Omit<GrepMatch, 'path'> {
  const start = column > maxPreviewCharacters - 50 ? Math.max(0, column - 1 - 50) : 0;
  const preview = text.replace(/\r$/, '').slice(start, start + maxPreviewCharacters);
  return { line, column, preview };
}

function tooManyFiles(): ToolError {
  return new ToolError('too_large', `There are more than ${maxWalkedFiles} files.`, {
    advice: 'Search in a folder: give a path or a cwd. Large folders can be hidden by .countersignignore.',
  });
}
