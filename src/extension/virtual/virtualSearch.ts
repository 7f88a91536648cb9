import * as path from 'node:path';
import type { Uri } from 'vscode';
import { AgentError, ToolError } from '../../core/errors';
import type { GrepMatch, GrepResult } from '../../core/sandbox/grepResult';
import type { GlobRequest, GrepRequest, Search, WorkspacePath } from '../../core/sandbox/sandbox';
import { ignoreFiles, IgnoreRules, type IgnoreKind } from '../../node/search/ignoreRules';
import { makeLineFinder } from '../../node/search/lineFinder';
import { makeNameFinder } from '../../node/search/nameFinder';
import { searchableText } from '../../node/search/searchableText';
import { maxFileBytes } from '../../node/localFiles';
import { fileUri } from '../fileUri';
import type { VirtualFiles } from './virtualFiles';
import type { VirtualPaths } from './virtualPaths';

/** Each file may be a request to a server. */
const maxWalkedFiles = 20_000;
const maxPreviewCharacters = 200;

/** Search in a virtual workspace by a plain walk: slower than on a disk, with the same rules for what is hidden. */
export class VirtualSearch implements Search {
  readonly #paths: VirtualPaths;
  readonly #files: VirtualFiles;

  constructor(paths: VirtualPaths, files: VirtualFiles) {
    this.#paths = paths;
    this.#files = files;
  }

  async glob(
    { pattern, cwd, dot, limit }: GlobRequest,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }> {
    const paths: string[] = [];
    for await (const display of this.#selected(pattern, { dot, basename: false }, cwd, signal)) {
      if (paths.length === limit) return { paths, truncated: true };
      paths.push(this.#paths.displayOf(fileUri(display)));
    }
    return { paths, truncated: false };
  }

  async grep(request: GrepRequest, signal: AbortSignal): Promise<GrepResult> {
    const { finder } = makeLineFinder(request);
    const matches: GrepMatch[] = [];
    let secretFiles = 0;
    try {
      for await (const file of this.#selected(
        request.glob ?? '**',
        { dot: true, basename: true },
        request.path,
        signal,
      )) {
        const uri = fileUri(file);
        if (this.#paths.guardOf(uri)?.kind === 'secret') {
          secretFiles += 1;
          continue;
        }
        const text = await this.#textOf(file, signal);
        const found = await finder.find(text ?? '', request.limit + 1 - matches.length, signal);
        const display = this.#paths.displayOf(uri);
        for (const { line, column, text: preview } of found)
          matches.push({
            path: display,
            line,
            column,
            preview: preview.replace(/\r$/, '').slice(0, maxPreviewCharacters),
          });
        if (matches.length > request.limit)
          return { matches: matches.slice(0, request.limit), truncated: true, secretFiles };
      }
      return { matches, truncated: false, secretFiles };
    } finally {
      await finder.dispose();
    }
  }

  /** The files that a glob picks, named from where the walk begins and as people know them. */
  async *#selected(
    pattern: string,
    options: { readonly dot: boolean; readonly basename: boolean },
    start: WorkspacePath | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<WorkspacePath, void, undefined> {
    const names = makeNameFinder(pattern.replace(/^\.\//, ''), options);
    let walked = 0;
    try {
      for (const folder of start === undefined ? this.paths : [start])
        for await (const file of this.#walk(folder, signal)) {
          walked += 1;
          if (walked > maxWalkedFiles) throw tooManyFiles();
          const uri = fileUri(file);
          const relative = path.posix.relative(fileUri(folder).path, uri.path) || path.posix.basename(uri.path);
          if ((await names.select([relative, this.#paths.displayOf(uri)], signal)).length > 0) yield file;
        }
    } finally {
      await names.dispose();
    }
  }

  get paths(): readonly WorkspacePath[] {
    return this.#paths.roots.map(({ uri }) => uri.toString() as WorkspacePath);
  }

  async *#walk(start: WorkspacePath, signal: AbortSignal): AsyncGenerator<WorkspacePath, void, undefined> {
    const found = await this.#files.stat(start, signal);
    if (found?.kind === 'file') yield start;
    else if (found?.kind === 'directory')
      yield* this.#walkFolder(fileUri(start), await this.#rulesAbove(start, signal), signal);
  }

  /** What the ignore files of the folders above say; git's are left out for a folder that it ignores as a whole. */
  async #rulesAbove(start: WorkspacePath, signal: AbortSignal): Promise<IgnoreRules> {
    const uri = fileUri(start);
    const root = this.#paths.roots.find((one) => uri.path.startsWith(`${one.uri.path.replace(/\/$/, '')}/`))?.uri;
    let rules = new IgnoreRules();
    if (!root) return rules;
    let folder = root;
    for (const name of path.posix.relative(root.path, uri.path).split('/')) {
      rules = await this.#withRulesOf(folder, rules, signal);
      folder = folder.with({ path: path.posix.join(folder.path, name) });
      if (rules.hidesBy('git', folder.path, true)) rules = rules.withoutGit();
    }
    return rules;
  }

  async *#walkFolder(
    folder: Uri,
    inherited: IgnoreRules,
    signal: AbortSignal,
  ): AsyncGenerator<WorkspacePath, void, undefined> {
    const entries = await this.#files.list(folder.toString() as WorkspacePath, signal);
    const rules = await this.#withRulesOf(folder, inherited, signal, new Set(entries.map(({ name }) => name)));
    for (const { name, kind } of entries) {
      const uri = folder.with({ path: path.posix.join(folder.path, name) });
      if (kind === 'other' || rules.hides(uri.path, kind === 'directory')) continue;
      if (kind === 'directory') yield* this.#walkFolder(uri, rules, signal);
      else yield uri.toString() as WorkspacePath;
    }
  }

  async #withRulesOf(
    folder: Uri,
    rules: IgnoreRules,
    signal: AbortSignal,
    known?: ReadonlySet<string>,
  ): Promise<IgnoreRules> {
    let result = rules;
    for (const kind of ['git', 'own'] satisfies readonly IgnoreKind[]) {
      if (known?.has(ignoreFiles[kind]) === false) continue;
      const file = folder.with({ path: path.posix.join(folder.path, ignoreFiles[kind]) });
      const text = await this.#textOf(file.toString() as WorkspacePath, signal);
      if (text !== undefined) result = result.with(kind, folder.path, text);
    }
    return result;
  }

  /** Undefined for what is no text, or cannot be read. */
  async #textOf(file: WorkspacePath, signal: AbortSignal): Promise<string | undefined> {
    try {
      return searchableText(Buffer.from(await this.#files.readStart(file, maxFileBytes, signal)));
    } catch (error) {
      if (error instanceof AgentError) return undefined;
      throw error;
    }
  }
}

function tooManyFiles(): ToolError {
  return new ToolError('too_large', `There are more than ${maxWalkedFiles} files.`, {
    advice: 'Search in a folder: give a path or a cwd. Large folders can be hidden by .countersignignore.',
  });
}
