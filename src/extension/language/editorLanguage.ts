import {
  languages,
  Position,
  Range,
  type DocumentSymbol,
  type Location,
  type LocationLink,
  type SymbolInformation,
  type Uri,
  type WorkspaceEdit,
} from 'vscode';
import { ToolError } from '../../core/errors';
import type {
  FileChange,
  LanguageFeatures,
  ProblemQuery,
  ProblemWatch,
  SandboxFiles,
  SymbolPlace,
  WorkspacePath,
} from '../../core/sandbox/sandbox';
import type { Problem, SourcePlace } from '../../core/sandbox/sourcePlaces';
import { askEditor, tooSlow } from './askEditor';
import { documentAt } from './editorDocuments';
import { problemsNow } from './fileProblems';
import { NewsTimes } from './newsTimes';
import { Places } from './places';
import { fileProblem, isAsBad, sortProblems } from './problemLists';
import { watchProblems } from './problemWatch';
import { renamePlan } from './renamePlan';
import { informationOf, outlineOf, toldSymbols } from './symbolLists';

const defaultLimitMs = 10_000;

type Bounded<Name extends string, T> = Readonly<Record<Name, readonly T[]>> & { readonly truncated: boolean };
type Features = LanguageFeatures;

/** The language features of VS Code: what its extensions know of the code in the workspace. */
export class EditorLanguage implements LanguageFeatures {
  readonly #files: SandboxFiles;
  readonly #limitMs: number;
  readonly #times = new NewsTimes();

  /** @param limitMs how long an extension may take to answer */
  constructor(files: SandboxFiles, limitMs = defaultLimitMs) {
    this.#files = files;
    this.#limitMs = limitMs;
  }

  async problems(
    { path, minSeverity, limit }: ProblemQuery,
    signal: AbortSignal,
  ): Promise<Bounded<'problems', Problem>> {
    const all = path === undefined ? await this.#knownProblems(signal) : await this.#problemsOf(path, signal);
    const wanted = sortProblems(all.filter(({ severity }) => isAsBad(severity, minSeverity)));
    return { problems: wanted.slice(0, limit), truncated: wanted.length > limit };
  }

  watchProblems(paths: readonly WorkspacePath[], signal: AbortSignal): Promise<ProblemWatch> {
    return watchProblems(paths, this.#files, this.#times, signal);
  }

  async symbols(
    where: Parameters<Features['symbols']>[0],
    limit: number,
    signal: AbortSignal,
  ): ReturnType<Features['symbols']> {
    const places = new Places(this.#files, signal);
    if (where.path === undefined) {
      const found =
        (await this.#ask<SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', [where.query], signal)) ?? [];
      return toldSymbols(found.map(informationOf), where.query, limit, places);
    }
    const { uri } = await documentAt(where.path);
    const outline =
      (await this.#ask<(DocumentSymbol | SymbolInformation)[]>(
        'vscode.executeDocumentSymbolProvider',
        [uri],
        signal,
      )) ?? [];
    return toldSymbols(outlineOf(uri, outline), where.query, limit, places);
  }

  async definition(symbol: SymbolPlace, signal: AbortSignal): Promise<readonly SourcePlace[]> {
    const args = await positionOf(symbol);
    const found =
      (await this.#ask<(Location | LocationLink)[]>('vscode.executeDefinitionProvider', args, signal)) ?? [];
    return this.#placesOf(found.map(startOf), signal);
  }

  async references(symbol: SymbolPlace, limit: number, signal: AbortSignal): Promise<Bounded<'places', SourcePlace>> {
    const args = await positionOf(symbol);
    const found = (await this.#ask<Location[]>('vscode.executeReferenceProvider', args, signal)) ?? [];
    const places = await this.#placesOf(found.slice(0, limit).map(startOf), signal);
    return { places, truncated: found.length > limit };
  }

  async planRename(symbol: SymbolPlace, newName: string, signal: AbortSignal): Promise<readonly FileChange[]> {
    const args = [...(await positionOf(symbol)), newName];
    const edit = await this.#ask<WorkspaceEdit>('vscode.executeDocumentRenameProvider', args, signal);
    const changes = edit && (await renamePlan(edit, this.#files, signal));
    if (changes && changes.length > 0) return changes;
    throw new ToolError('failed', `The editor cannot rename ${JSON.stringify(symbol.name)} here.`, {
      advice: 'Its language may have no rename. Find the places with references or fs_grep, and use fs_multi_edit.',
    });
  }

  #ask<T>(command: string, args: readonly unknown[], signal: AbortSignal): Promise<T | undefined> {
    return askEditor<T>({ command, args, limitMs: this.#limitMs }, signal);
  }

  /** Of the files that somebody has looked at. */
  async #knownProblems(signal: AbortSignal): Promise<readonly Problem[]> {
    const places = new Places(this.#files, signal);
    const lists = await Promise.all(
      languages.getDiagnostics().map(async ([uri, list]) => {
        const file = list.length > 0 ? await places.open(uri) : undefined;
        return file ? list.map((one) => ({ path: file.display, ...fileProblem(one) })) : [];
      }),
    );
    return lists.flat();
  }

  async #problemsOf(path: WorkspacePath, signal: AbortSignal): Promise<readonly Problem[]> {
    const file = await this.#files.resolve(path, signal);
    const found = await problemsNow(file, { limitMs: this.#limitMs, times: this.#times }, signal);
    signal.throwIfAborted();
    if (!found) throw tooSlow(this.#limitMs);
    return found.map((problem) => ({ path: file.display, ...problem }));
  }

  #placesOf(found: readonly Start[], signal: AbortSignal): Promise<readonly SourcePlace[]> {
    const places = new Places(this.#files, signal);
    return Promise.all(found.map(({ uri, start }) => places.place(uri, start)));
  }
}

interface Start {
  readonly uri: Uri;
  readonly start: Position;
}

function startOf(found: Location | LocationLink): Start {
  if ('targetUri' in found)
    return { uri: found.targetUri, start: (found.targetSelectionRange ?? found.targetRange).start };
  return { uri: found.uri, start: found.range.start };
}

/** @throws ToolError 'stale' where the editor has another text there than was read. */
async function positionOf({ path, line, column, name }: SymbolPlace): Promise<readonly [Uri, Position]> {
  const document = await documentAt(path);
  const start = new Position(line - 1, column - 1);
  if (document.getText(new Range(start, start.translate(0, name.length))) === name) return [document.uri, start];
  throw new ToolError('stale', `${JSON.stringify(name)} does not stand there in the editor.`, {
    advice: 'The file has just changed. Read it again.',
    retryable: true,
  });
}
