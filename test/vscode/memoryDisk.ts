import {
  Disposable,
  EventEmitter,
  FileChangeType,
  FileSystemError,
  FileType,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
  type Uri,
} from 'vscode';

/** A file system in memory, as extensions for servers bring them: folders are where files are. */
export class MemoryDisk implements FileSystemProvider {
  readonly #files = new Map<string, Uint8Array>();
  readonly #links = new Set<string>();
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  #time = Date.now();

  put(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) this.#files.set(path, Buffer.from(content));
  }

  /** Says of a path that it is a symbolic link. */
  putLink(path: string): void {
    this.#links.add(path);
  }

  text(path: string): string | undefined {
    return this.#files.has(path) ? Buffer.from(this.#files.get(path)!).toString() : undefined;
  }

  watch(): Disposable {
    return new Disposable(() => undefined);
  }

  stat({ path }: Uri): FileStat {
    const file = this.#files.get(path);
    const isFolder = [...this.#files.keys()].some((name) => name.startsWith(path === '/' ? '/' : `${path}/`));
    if (!file && !isFolder) throw FileSystemError.FileNotFound(path);
    const kind = file ? FileType.File : FileType.Directory;
    const type = this.#links.has(path) ? FileType.SymbolicLink : kind;
    return {
      type,
      ctime: 1,
      mtime: this.#time,
      size: file?.length ?? 0,
    };
  }

  readDirectory(uri: Uri): [string, FileType][] {
    const prefix = uri.path === '/' ? '/' : `${uri.path}/`;
    const names = [...this.#files.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length).split('/')[0] ?? '');
    return [...new Set(names)].map((name) => [name, this.stat(uri.with({ path: prefix + name })).type]);
  }

  readFile({ path }: Uri): Uint8Array {
    const file = this.#files.get(path);
    if (!file) throw FileSystemError.FileNotFound(path);
    return file;
  }

  writeFile(uri: Uri, content: Uint8Array): void {
    const type = this.#files.has(uri.path) ? FileChangeType.Changed : FileChangeType.Created;
    this.#time += 1;
    this.#files.set(uri.path, content);
    this.#changed.fire([{ type, uri }]);
  }

  delete(uri: Uri): void {
    this.#files.delete(uri.path);
    this.#changed.fire([{ type: FileChangeType.Deleted, uri }]);
  }

  createDirectory(): void {
    // Folders are where files are.
  }

  rename(): void {
    throw FileSystemError.NoPermissions('not needed here');
  }
}
