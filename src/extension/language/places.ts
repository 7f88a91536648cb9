import type { Uri } from 'vscode';
import { SandboxError } from '../../core/errors';
import type { ResolvedPath, SandboxFiles } from '../../core/sandbox/sandbox';
import type { SourcePlace } from '../../core/sandbox/sourcePlaces';

const maxPreviewCharacters = 200;

/** A file that the editor named: inside of the workspace with all that is known of it, or outside with its path alone. */
export type NamedFile =
  { readonly kind: 'inside'; readonly file: ResolvedPath } | { readonly kind: 'outside'; readonly path: string };

/** Turns the editor's addresses into paths and lines as the model knows them. For one answer: files are looked at once. */
export class Places {
  readonly #files: SandboxFiles;
  readonly #signal: AbortSignal;
  readonly #named = new Map<string, Promise<NamedFile>>();
  readonly #lines = new Map<string, Promise<readonly string[]>>();

  constructor(files: SandboxFiles, signal: AbortSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  /** @throws the signal's reason. */
  name(uri: Uri): Promise<NamedFile> {
    const key = uri.toString();
    const named = this.#named.get(key) ?? this.#name(uri);
    this.#named.set(key, named);
    return named;
  }

  /** The file, where it lies in the workspace and is no secret. */
  async open(uri: Uri): Promise<ResolvedPath | undefined> {
    const named = await this.name(uri);
    return named.kind === 'inside' && named.file.guarded?.kind !== 'secret' ? named.file : undefined;
  }

  /** `at` counts from 0, as the editor does. */
  async place(uri: Uri, at: { readonly line: number; readonly character: number }): Promise<SourcePlace> {
    const named = await this.name(uri);
    const place = { line: at.line + 1, column: at.character + 1 };
    if (named.kind === 'outside') return { path: named.path, ...place, preview: '' };
    const file = await this.open(uri);
    const line = file && (await this.#linesOf(file))[at.line];
    return { path: named.file.display, ...place, preview: (line ?? '').slice(0, maxPreviewCharacters) };
  }

  async #name(uri: Uri): Promise<NamedFile> {
    if (uri.scheme !== 'file') return { kind: 'outside', path: uri.toString(true) };
    try {
      return { kind: 'inside', file: await this.#files.resolve(uri.fsPath, this.#signal) };
    } catch (error) {
      if (error instanceof SandboxError) return { kind: 'outside', path: uri.fsPath };
      throw error;
    }
  }

  #linesOf({ path }: ResolvedPath): Promise<readonly string[]> {
    const lines =
      this.#lines.get(path) ??
      this.#files.readText(path, this.#signal).then(
        ({ text }) => text.split(/\r\n|\n|\r/),
        // A line that cannot be shown does not make the place less true.
        () => [],
      );
    this.#lines.set(path, lines);
    return lines;
  }
}
