import {
  Disposable,
  EventEmitter,
  FileChangeType,
  FilePermission,
  FileSystemError,
  FileType,
  type Event,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type Uri,
} from 'vscode';

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

const utf8Bom = '\uFEFF';

/**
 * Texts as files of a scheme of their own. Stored as UTF-8 with a byte order mark, so that no `files.encoding` setting makes
 * the editor read them as anything else.
 */
export class MemoryFiles implements FileSystemProvider, Disposable {
  readonly #files = new Map<string, MemoryFile>();
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile: Event<FileChangeEvent[]> = this.#changed.event;
  readonly #access: 'readonly' | 'writable';
  readonly #goneText: string;
  /** Strictly rising: the editor takes a file with the same time for unchanged. */
  #lastModifiedMs = 0;

  /** @param goneText what a tab shows that has outlived its text */
  constructor(access: 'readonly' | 'writable', goneText = 'This proposal is no longer open. Close the tab.') {
    this.#access = access;
    this.#goneText = goneText;
  }

  put(uri: Uri, text: string): void {
    this.#store(uri, new TextEncoder().encode(utf8Bom + text));
  }

  putChanged(uri: Uri, text: string): void {
    if (this.text(uri) !== text) this.put(uri, text);
  }

  /** An empty file from long ago: saving a document over it, however old its text is, is no conflict. */
  putAncient(uri: Uri): void {
    this.#files.set(uri.toString(), { bytes: new Uint8Array(), createdMs: 1, modifiedMs: 1 });
    this.#changed.fire([{ type: FileChangeType.Created, uri }]);
  }

  /** Undefined when there is no such text. */
  text(uri: Uri): string | undefined {
    const file = this.#files.get(uri.toString());
    return file && new TextDecoder().decode(file.bytes);
  }

  remove(uri: Uri): void {
    if (this.#files.delete(uri.toString())) this.#changed.fire([{ type: FileChangeType.Deleted, uri }]);
  }

  stat(uri: Uri): FileStat {
    const file = this.#find(uri);
    const stat = { type: FileType.File, ctime: file.createdMs, mtime: file.modifiedMs, size: file.bytes.byteLength };
    return this.#access === 'readonly' ? { ...stat, permissions: FilePermission.Readonly } : stat;
  }

  readFile(uri: Uri): Uint8Array {
    return this.#find(uri).bytes;
  }

  writeFile(uri: Uri, content: Uint8Array): void {
    this.#find(uri);
    if (this.#access === 'readonly') throw FileSystemError.NoPermissions(uri);
    this.#store(uri, content);
  }

  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  readDirectory(uri: Uri): [string, FileType][] {
    throw FileSystemError.FileNotFound(uri);
  }

  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(oldUri: Uri): void {
    throw FileSystemError.NoPermissions(oldUri);
  }

  dispose(): void {
    this.#files.clear();
    this.#changed.dispose();
  }

  #find(uri: Uri): MemoryFile {
    const file = this.#files.get(uri.toString());
    if (file) return file;
    throw FileSystemError.FileNotFound(this.#goneText);
  }

  #store(uri: Uri, bytes: Uint8Array): void {
    const old = this.#files.get(uri.toString());
    this.#lastModifiedMs = Math.max(Date.now(), this.#lastModifiedMs + 1);
    const modifiedMs = this.#lastModifiedMs;
    this.#files.set(uri.toString(), { bytes, createdMs: old?.createdMs ?? modifiedMs, modifiedMs });
    this.#changed.fire([{ type: old ? FileChangeType.Changed : FileChangeType.Created, uri }]);
  }
}
