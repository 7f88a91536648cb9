import { Uri, workspace, type TextDocument } from 'vscode';
import { ToolError } from '../core/errors';
import type { FileStat, ResolvedPath, SandboxFiles, TextFile, WorkspacePath } from '../core/sandbox/sandbox';
import { decodeExactly, readBytes } from './fileBytes';
import { lineEndsOf } from './lineEnds';
import { openDocumentsAt } from './openDocuments';

/** Reads as the editor does: unsaved text counts. Paths are checked by the files it stands in front of. */
export class WorkspaceFiles implements SandboxFiles {
  readonly #inner: SandboxFiles;

  constructor(inner: SandboxFiles) {
    this.#inner = inner;
  }

  resolve(path: string, signal: AbortSignal): Promise<ResolvedPath> {
    return this.#inner.resolve(path, signal);
  }

  stat(path: WorkspacePath, signal: AbortSignal): Promise<FileStat | undefined> {
    return this.#inner.stat(path, signal);
  }

  list(
    path: WorkspacePath,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]> {
    return this.#inner.list(path, signal);
  }

  /**
   * An open document's text, except where only the bytes on disk are exact: an editor knows one line end per document. A
   * clean document that lags behind the disk is not believed either.
   */
  async readText(path: WorkspacePath, signal: AbortSignal): Promise<TextFile> {
    const document = openDocumentsAt(path)[0];
    if (!document) return this.#readClosed(path, signal);
    const onDisk = await this.#readOnDisk(path, document, signal);
    if (!document.isDirty || lineEndsOf(onDisk.text) === 'mixed') return onDisk;
    return { ...onDisk, text: document.getText() };
  }

  /** What is no UTF-8 has the encoding that the user's settings give it, where its bytes come back the same in that. */
  async #readClosed(path: WorkspacePath, signal: AbortSignal): Promise<TextFile> {
    try {
      return await this.#inner.readText(path, signal);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== 'unsupported_encoding') throw error;
      const document = await workspace.openTextDocument(Uri.file(path));
      signal.throwIfAborted();
      return this.#readOnDisk(path, document, signal);
    }
  }

  /** A file in an encoding that only the editor knows, because the user chose it there, is decoded as the editor does. */
  async #readOnDisk(path: WorkspacePath, document: TextDocument, signal: AbortSignal): Promise<TextFile> {
    try {
      return await this.#inner.readText(path, signal);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== 'unsupported_encoding') throw error;
      const bytes = await readBytes(document.uri, path);
      if (bytes === undefined) throw error;
      return { text: await decodeExactly(bytes, document.encoding, path), encoding: document.encoding, hasBom: false };
    }
  }
}
