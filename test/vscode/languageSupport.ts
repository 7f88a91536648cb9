import * as path from 'node:path';
import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  DocumentSymbol,
  languages,
  Location,
  Range,
  SymbolInformation,
  SymbolKind,
  Uri,
  workspace,
  WorkspaceEdit,
  type Position,
  type TextDocument,
} from 'vscode';
import { EditorLanguage } from '../../src/extension/language/editorLanguage';
import { type Proposals } from '../../src/extension/review/proposals';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import type { LocalSandboxOptions } from '../../src/node/localSandbox';

/** The sandbox's options as the extension has them, for one folder. */
export function editorSandbox(folder: string, proposals: Proposals): LocalSandboxOptions {
  return {
    roots: [{ name: 'ws', path: folder }],
    files: (onDisk) => new WorkspaceFiles(onDisk),
    edits: (_onDisk, files) => new WorkspaceEdits(proposals, files),
    language: (files) => new EditorLanguage(files),
  };
}

/**
 * A language of files that end in `.toy`: each line `def NAME` defines a name, every other word is a use, and `BAD` is an
 * error. What it says of a file comes after `delayMs`; undefined: never.
 */
export class ToyLanguage {
  delayMs: number | undefined = 30;
  readonly #folder: string;
  readonly #problems = languages.createDiagnosticCollection('toy');
  readonly #owned: Disposable;

  constructor(folder: string) {
    this.#folder = folder;
    const selector = { scheme: 'file', pattern: '**/*.toy' };
    this.#owned = Disposable.from(
      this.#problems,
      workspace.onDidOpenTextDocument((document) => this.#look(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#look(document)),
      languages.registerDocumentSymbolProvider(selector, {
        provideDocumentSymbols: (document) =>
          definitionsIn(document).map(
            ({ name, range }) =>
              new DocumentSymbol(name, '', SymbolKind.TypeParameter, document.lineAt(range.start).range, range),
          ),
      }),
      languages.registerWorkspaceSymbolProvider({
        provideWorkspaceSymbols: () =>
          workspace.textDocuments
            .filter(isToy)
            .flatMap((document) =>
              definitionsIn(document).map(
                ({ name, range }) =>
                  new SymbolInformation(name, SymbolKind.Function, '', new Location(document.uri, range)),
              ),
            ),
      }),
      languages.registerDefinitionProvider(selector, {
        provideDefinition: (document, position) => {
          const name = wordAt(document, position);
          const found = definitionsIn(document).filter((one) => one.name === name);
          const library = new Location(Uri.file('/usr/lib/library.toy'), new Range(6, 0, 6, 1));
          return [...found.map(({ range }) => new Location(document.uri, range)), library];
        },
      }),
      languages.registerReferenceProvider(selector, {
        provideReferences: (document, position) =>
          usesOf(wordAt(document, position), document).map((range) => new Location(document.uri, range)),
      }),
      languages.registerRenameProvider(selector, {
        provideRenameEdits: (document, position, newName) => this.#rename(document, position, newName),
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #look(document: TextDocument): void {
    const { delayMs } = this;
    if (!isToy(document) || delayMs === undefined) return;
    setTimeout(() => {
      const bad = usesOf('BAD', document).map((range) => {
        const problem = new Diagnostic(range, 'This is bad.', DiagnosticSeverity.Error);
        problem.source = 'toy';
        problem.code = { value: 7, target: document.uri };
        return problem;
      });
      this.#problems.set(document.uri, bad);
    }, delayMs);
  }

  /** What it is renamed to says how the provider behaves. */
  #rename(document: TextDocument, position: Position, newName: string): WorkspaceEdit | Promise<never> {
    if (newName === 'hang') return new Promise(() => undefined);
    if (newName === 'fail') throw new Error('You cannot rename this element.');
    const edit = new WorkspaceEdit();
    for (const range of usesOf(wordAt(document, position), document)) edit.replace(document.uri, range, newName);
    if (newName === 'moves')
      edit.renameFile(document.uri, Uri.file(path.join(this.#folder, 'moved.toy')), { overwrite: false });
    if (newName === 'outside') edit.insert(Uri.file('/usr/lib/library.toy'), document.positionAt(0), newName);
    if (newName === 'overlaps') edit.replace(document.uri, new Range(0, 0, 0, 6), newName);
    return edit;
  }
}

const isToy = ({ uri }: TextDocument): boolean => uri.path.endsWith('.toy');

function definitionsIn(document: TextDocument): readonly { readonly name: string; readonly range: Range }[] {
  return [...document.getText().matchAll(/^def (\w+)/gm)].map(({ 1: name = '', index }) => {
    const start = document.positionAt(index + 4);
    return { name, range: new Range(start, start.translate(0, name.length)) };
  });
}

function usesOf(name: string, document: TextDocument): readonly Range[] {
  return [...document.getText().matchAll(/\w+/g)]
    .filter(([word]) => word === name)
    .map(({ index }) => new Range(document.positionAt(index), document.positionAt(index + name.length)));
}

function wordAt(document: TextDocument, position: Position): string {
  return document.getText(document.getWordRangeAtPosition(position));
}
