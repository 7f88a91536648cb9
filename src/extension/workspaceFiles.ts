import { workspace, type TextDocument } from 'vscode';
import { ToolError } from '../core/errors';
import type { FileBytes, FileStat, ResolvedPath, SandboxFiles, TextFile, WorkspacePath } from '../core/sandbox/sandbox';
import { maxFileBytes } from '../node/localFiles';
import { decodeExactly, encodeExactly } from './fileBytes';
import { fileUri } from './fileUri';
import { lineEndsOf } from './lineEnds';
import { openDocumentsAt, unsavedDocumentAt } from './openDocuments';

/** Reads as the editor does: unsaved text counts. Paths are checked by the files it stands in front of. */
export class WorkspaceFiles implements SandboxFiles {
  readonly #inner: SandboxFiles;

  constructor(inner: SandboxFiles) {
    this.#inner = inner;
  }

  resolve(path: string, signal: AbortSignal): Promise<ResolvedPath> {
    return this.#inner.resolve(path, signal);
  }

  async stat(path: WorkspacePath, signal: AbortSignal): Promise<FileStat | undefined> {
    const found = await this.#inner.stat(path, signal);
    const unsaved = found && unsavedDocumentAt(path);
    return unsaved ? { ...found, unsavedVersion: unsaved.version } : found;
  }

  readStart(path: WorkspacePath, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#inner.readStart(path, maxBytes, signal);
  }

  /** What is on disk, except where a document holds unsaved text: then what saving it would leave there. */
  async readBytes(path: WorkspacePath, signal: AbortSignal): Promise<FileBytes> {
    const onDisk = await this.#inner.readBytes(path, signal);
    const document = openDocumentsAt(path)[0];
    if (!document?.isDirty) return onDisk;
    return { ...onDisk, bytes: await encodeExactly(document.getText(), document.encoding, path) };
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
    const onDisk = await this.#readOnDisk(path, document, signal);
    if (!document?.isDirty || lineEndsOf(onDisk.text) === 'mixed') return onDisk;
    return { ...onDisk, text: document.getText() };
  }

  /**
   * As the editor decodes it, in the encoding that the user chose for the document or in the settings. A byte order mark says
   * more than either, and plain ASCII is the same in all of them.
   */
  async #readOnDisk(path: WorkspacePath, document: TextDocument | undefined, signal: AbortSignal): Promise<TextFile> {
    let failure: unknown;
    try {
      const file = await this.#inner.readText(path, signal);
      if (file.hasBom || !/[^\0-\x7f]/.test(file.text) || !mayBeOther(path, document)) return file;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      // UTF-16 without a byte order mark looks binary: only a document that somebody opened says that it is none.
      const isChosen = error.code === 'binary' && document !== undefined && mayBeOther(path, document);
      if (error.code !== 'unsupported_encoding' && !isChosen) throw error;
      failure = error;
    }
    const { encoding } = document ?? (await openUnseen(path, failure));
    const bytes = await this.#inner.readStart(path, maxFileBytes, signal);
    return { text: await decodeExactly(bytes, encoding, path), encoding, hasBom: false };
  }
}

/** Whether the editor may take a file without byte order mark for anything but UTF-8. */
function mayBeOther(path: WorkspacePath, document: TextDocument | undefined): boolean {
  if (document) return document.encoding !== 'utf8';
  const settings = workspace.getConfiguration('files', fileUri(path));
  const byLanguage = settings.inspect('encoding')?.languageIds ?? [];
  return settings.get('encoding') !== 'utf8' || settings.get('autoGuessEncoding') === true || byLanguage.length > 0;
}

/** Loads a document without a tab, for its encoding. */
async function openUnseen(path: WorkspacePath, failure: unknown): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(fileUri(path));
  } catch (cause) {
    throw failure instanceof ToolError
      ? failure
      : new ToolError('failed', `"${path}" cannot be opened as text.`, { advice: 'Leave this file alone.', cause });
  }
}
