import * as path from 'node:path';
import { ToolError } from '../../core/errors';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import type { WorkspacePath } from '../../core/sandbox/sandbox';
import { hostPathRules, isInside } from '../lexicalPath';
import { holdsLogin } from '../logins';
import type { PathBox } from '../pathBox';
import { findRipgrep, type RipgrepPlaces } from './findRipgrep';
import type { LinePattern } from './lineFinder';
import type { NameFinder } from './nameFinder';
import { ripgrepFiles } from './ripgrepFiles';
import { RipgrepFailure } from './runRipgrep';
import { isSearchable } from './searchableText';
import { searchStart, walk, type OnIgnored, type SearchStart } from './walk';

/**
 * False: ripgrep is not used. Default: looked for on PATH. `largeFilesMs`: so long a search may take before it leaves out files over
 * 10 MB by a look at the size of each, from then on. Default 2,000.
 */
export type RipgrepOption = (Omit<RipgrepPlaces, 'never'> & { readonly largeFilesMs?: number }) | false;

export interface FileQuery {
  /** Folders or files; empty: there is nothing to look in. */
  readonly folders: readonly WorkspacePath[];
  /** Picks files by their paths below the folder. Undefined: all. */
  readonly names: NameFinder | undefined;
  /** What the caller looks for in them: files that surely do not hold it may be left out. Undefined: nothing. */
  readonly lines: LinePattern | undefined;
  /** Told of what the ignore files hide. Then ripgrep, which does not tell, is not asked. */
  readonly onIgnored?: OnIgnored | undefined;
}

export interface FoundFile {
  /** Absolute, without links. */
  readonly path: string;
  readonly isSecret: boolean;
  /** The query named this very file. */
  readonly isNamed: boolean;
}

const maxWalkedFiles = 200_000;
/** So many files are looked at side by side. */
const batchFiles = 32;

/** Finds the files to look in. Ripgrep is looked for at the first search, once. */
export class FileFinder {
  readonly #box: PathBox;
  readonly #ripgrep: RipgrepOption;
  #program: Promise<string | undefined> | undefined;
  /** Undefined: there are so many large files that reading them takes longer than asking for sizes. */
  #largeFilesMs: number | undefined;

  constructor(box: PathBox, ripgrep: RipgrepOption) {
    this.#box = box;
    this.#ripgrep = ripgrep;
    this.#largeFilesMs = ripgrep === false ? undefined : (ripgrep.largeFilesMs ?? 2_000);
  }

  /** In order, folder after folder. @throws ToolError 'too_large' for more files than can be walked. */
  async *batches(query: FileQuery, signal: AbortSignal): AsyncGenerator<readonly FoundFile[], void, undefined> {
    const isOneOfSeveral = query.folders.length > 1;
    for (const folder of query.folders) {
      if (await isSearchable(folder)) {
        const name = path.basename(folder);
        const isMeant = !query.names || (await query.names.select([name], signal)).length > 0;
        const isSecret = await isSecretBelow(await this.#rootOf(folder), folder);
        if (isMeant) yield [{ path: folder, isNamed: true, isSecret }];
        continue;
      }
      const root = await this.#rootOf(folder);
      const start = await searchStart(this.#box, root ?? folder, folder, signal);
      if (!start) continue;
      const prefix = isOneOfSeveral ? `${await this.#box.displayOf(folder)}/` : undefined;
      const scope: Scope = { root, start, prefix };
      for await (const files of this.#meantFiles(query, scope, signal)) {
        // Names alone are no secret: whether a file holds any is asked where its text is wanted.
        const judged = async (file: string): Promise<boolean> =>
          query.lines !== undefined && (await isSecretBelow(root, file));
        yield await Promise.all(
          files.map(async (file) => ({ path: file, isNamed: false, isSecret: await judged(file) })),
        );
      }
    }
  }

  /** Those that the names pick. Ripgrep's were picked as they came, where that can be done at once. */
  async *#meantFiles(
    query: FileQuery,
    scope: Scope,
    signal: AbortSignal,
  ): AsyncGenerator<readonly string[], void, undefined> {
    const { names } = query;
    const listed = await this.#askRipgrep(query, scope, signal);
    if (listed)
      try {
        const arePicked = names === undefined || names.matches !== undefined;
        for await (const batch of inBatches(listed)) yield arePicked ? batch : await meant(batch, names, scope, signal);
        return;
      } catch (error) {
        // It fails before the first file, or not at all.
        if (!(error instanceof RipgrepFailure)) throw error;
        if (error.isLate && this.#largeFilesMs !== undefined) {
          this.#largeFilesMs = undefined;
          yield* this.#meantFiles(query, scope, signal);
          return;
        }
      }
    for await (const batch of inBatches(this.#walked(query, scope, signal)))
      yield await meant(batch, names, scope, signal);
  }

  /** Undefined: there is none, or it cannot answer this. */
  async #askRipgrep(
    { names, lines, onIgnored }: FileQuery,
    { root, start, prefix }: Scope,
    signal: AbortSignal,
  ): Promise<AsyncIterable<string> | undefined> {
    const canBeAsked = !onIgnored && (lines === undefined || lines.rust !== undefined);
    const file = canBeAsked ? await this.#found() : undefined;
    if (file === undefined) return undefined;
    const matches = names?.matches;
    const select = (relatives: readonly string[]): readonly string[] =>
      !matches
        ? relatives
        : relatives.filter((name) => matches(name) || (prefix !== undefined && matches(prefix + name)));
    const text = lines?.rust === undefined ? undefined : { rust: lines.rust, caseSensitive: lines.caseSensitive };
    const search = {
      file,
      root: root ?? start.folder,
      start,
      text,
      select,
      nameGlob: names?.nameGlob,
      largeFilesMs: this.#largeFilesMs,
    };
    return ripgrepFiles(this.#box, search, signal);
  }

  async *#walked(
    { onIgnored }: FileQuery,
    { start }: Scope,
    signal: AbortSignal,
  ): AsyncGenerator<string, void, undefined> {
    let walked = 0;
    for await (const found of walk(this.#box, start, signal, onIgnored)) {
      walked += 1;
      if (walked > maxWalkedFiles) throw tooManyFiles();
      yield found;
    }
  }

  async #found(): Promise<string | undefined> {
    const ripgrep = this.#ripgrep;
    if (ripgrep === false) return undefined;
    this.#program ??= this.#box.realRoots().then((never) => findRipgrep({ ...ripgrep, never }));
    return this.#program;
  }

  /** Undefined for folders that are allowed beside the workspace. */
  async #rootOf(target: string): Promise<string | undefined> {
    return (await this.#box.realRoots()).find((root) => isInside(root, target, hostPathRules, false));
  }
}

interface Scope {
  readonly root: string | undefined;
  readonly start: SearchStart;
  /** The name of the root with a slash, where there are several: paths can be meant with it too. */
  readonly prefix: string | undefined;
}

/** Those that the names pick, by their path below the start or as people know it. */
async function meant(
  files: readonly string[],
  names: NameFinder | undefined,
  { start, prefix }: Scope,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!names) return files;
  const relatives = files.map((file) => path.relative(start.folder, file).split(path.sep).join('/'));
  const candidates = prefix === undefined ? relatives : relatives.flatMap((name) => [name, prefix + name]);
  const selected = new Set(await names.select(candidates, signal));
  return files.filter((_file, index) => {
    const relative = relatives[index] ?? '';
    return selected.has(relative) || (prefix !== undefined && selected.has(prefix + relative));
  });
}

async function* inBatches(files: AsyncIterable<string>): AsyncGenerator<readonly string[], void, undefined> {
  let batch: string[] = [];
  for await (const file of files) {
    batch.push(file);
    if (batch.length < batchFiles) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function isSecretBelow(root: string | undefined, file: string): Promise<boolean> {
  const relative = (root === undefined ? file : path.relative(root, file)).split(path.sep).join('/');
  return isSecretPath(relative) || holdsLogin(file);
}

function tooManyFiles(): ToolError {
  return new ToolError('too_large', `There are more than ${maxWalkedFiles} files.`, {
    advice: 'Search in a folder: give a path or a cwd. Large folders can be hidden by .countersignignore.',
  });
}
