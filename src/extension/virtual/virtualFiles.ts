import { FileType, workspace } from 'vscode';
import { ToolError } from '../../core/errors';
import type {
  FileBytes,
  FileStat,
  ResolvedPath,
  SandboxFiles,
  TextFile,
  WorkspacePath,
} from '../../core/sandbox/sandbox';
import { maxFileBytes } from '../../node/localFiles';
import { decodeText } from '../../node/textEncoding';
import { readBytes } from '../fileBytes';
import { fileUri } from '../fileUri';
import type { VirtualPaths } from './virtualPaths';
import { statOf } from './virtualStat';

/** Files of a virtual workspace, through the editor. */
export class VirtualFiles implements SandboxFiles {
  readonly #paths: VirtualPaths;

  constructor(paths: VirtualPaths) {
    this.#paths = paths;
  }

  resolve(path: string, signal: AbortSignal): Promise<ResolvedPath> {
    return this.#paths.resolve(path, signal);
  }

  async stat(path: WorkspacePath, signal: AbortSignal): Promise<FileStat | undefined> {
    signal.throwIfAborted();
    const found = await statOf(fileUri(path));
    return found && { kind: kindOf(found.type), sizeBytes: found.size, modifiedMs: found.mtime };
  }

  async readText(path: WorkspacePath, signal: AbortSignal): Promise<TextFile> {
    const display = this.#paths.displayOf(fileUri(path));
    return decodeText(await this.#read(path, display, signal), display);
  }

  /** Such file systems give files as a whole: above 10 MB nothing is read. */
  async readStart(path: WorkspacePath, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#read(path, this.#paths.displayOf(fileUri(path)), signal);
    return bytes.subarray(0, maxBytes);
  }

  async readBytes(path: WorkspacePath, signal: AbortSignal): Promise<FileBytes> {
    return { bytes: await this.#read(path, this.#paths.displayOf(fileUri(path)), signal) };
  }

  async list(
    path: WorkspacePath,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]> {
    signal.throwIfAborted();
    const entries = await workspace.fs.readDirectory(fileUri(path));
    return entries
      .map(([name, type]) => ({ name, kind: kindOf(type) }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async #read(path: WorkspacePath, display: string, signal: AbortSignal): Promise<Uint8Array> {
    // Checked again: what is there may have changed since it was resolved.
    const { path: now } = await this.#paths.resolve(path, signal);
    const found = await this.stat(now, signal);
    if (found && found.kind !== 'file')
      throw new ToolError('not_a_file', `"${display}" is no file.`, { advice: 'Look into folders with fs_glob.' });
    if (found && found.sizeBytes > maxFileBytes)
      throw new ToolError('too_large', `"${display}" is larger than 10 MB.`, { advice: 'Search in it with fs_grep.' });
    const bytes = found && (await readBytes(fileUri(now), display));
    signal.throwIfAborted();
    if (bytes) return bytes;
    throw new ToolError('not_found', `There is no "${display}" any more.`, { advice: 'Look for it with fs_glob.' });
  }
}

/** A symbolic link is neither: it is not followed. */
function kindOf(type: FileType): FileStat['kind'] {
  if (type === FileType.File) return 'file';
  return type === FileType.Directory ? 'directory' : 'other';
}
