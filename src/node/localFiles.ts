import { lstat, type FileHandle } from 'node:fs/promises';
import * as path from 'node:path';
import { ToolError } from '../core/errors';
import type { FileBytes, FileStat, ResolvedPath, SandboxFiles, TextFile, WorkspacePath } from '../core/sandbox/sandbox';
import { listInside, openFileInside, openFolderInside } from './openInside';
import type { PathBox } from './pathBox';
import { unlessFailing } from './systemError';
import { decodeText } from './textEncoding';

export const maxFileBytes = 10 * 1024 * 1024;

/** Files on the local disk, inside of a path box. */
export class LocalFiles implements SandboxFiles {
  readonly #box: PathBox;
  readonly #legacyEncoding: string | undefined;

  /** `legacyEncoding`: of files that are neither UTF-8 nor UTF-16; absent, they are refused. */
  constructor(box: PathBox, legacyEncoding?: string) {
    this.#box = box;
    this.#legacyEncoding = legacyEncoding;
  }

  resolve(input: string, signal: AbortSignal): Promise<ResolvedPath> {
    return this.#box.resolve(input, signal);
  }

  async stat(file: WorkspacePath, signal: AbortSignal): Promise<FileStat | undefined> {
    signal.throwIfAborted();
    const isRoot = (await this.#box.realRoots()).includes(file);
    const folder = isRoot ? file : path.dirname(file);
    const opened = await openFolderInside(this.#box, folder).catch(ifGone);
    if (!opened) return undefined;
    try {
      const found = await unlessFailing(['ENOENT', 'ENOTDIR'], lstat(opened.at(isRoot ? '.' : path.basename(file))));
      if (!found) return undefined;
      const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
      return { kind, sizeBytes: found.size, modifiedMs: found.mtimeMs };
    } finally {
      await opened.close();
    }
  }

  async readText(file: WorkspacePath, signal: AbortSignal): Promise<TextFile> {
    return this.decode((await this.readBytes(file, signal)).bytes, await this.#box.displayOf(file));
  }

  /** @throws ToolError 'binary' | 'unsupported_encoding'. */
  decode(bytes: Uint8Array, display: string): TextFile {
    return decodeText(bytes, display, this.#legacyEncoding);
  }

  async readBytes(file: WorkspacePath, signal: AbortSignal): Promise<FileBytes & { readonly bytes: Buffer }> {
    return withFileInside(this.#box, file, signal, async (handle, display) => {
      const bytes = await readBounded(handle, display, signal);
      // Windows has no such bits: what it tells there is made up.
      return process.platform === 'win32' ? { bytes } : { bytes, mode: (await handle.stat()).mode & 0o7777 };
    });
  }

  async readStart(file: WorkspacePath, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const handle = await openFileInside(this.#box, file);
    try {
      return await readUpTo(handle, maxBytes, signal);
    } finally {
      await handle.close();
    }
  }

  async list(
    folder: WorkspacePath,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]> {
    signal.throwIfAborted();
    const entries = await listInside(this.#box, folder);
    return entries.map(({ name, kind }) => ({ name, kind: kind === 'link' ? 'other' : kind }));
  }
}

/** The bytes of a regular file in the box, at most 10 MB. @throws as `LocalFiles.readBytes`. */
export async function readFileInside(box: PathBox, file: string, signal: AbortSignal): Promise<Buffer> {
  return withFileInside(box, file, signal, (handle, display) => readBounded(handle, display, signal));
}

async function withFileInside<T>(
  box: PathBox,
  file: string,
  signal: AbortSignal,
  look: (handle: FileHandle, display: string) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const handle = await openFileInside(box, file);
  try {
    return await look(handle, await box.displayOf(file));
  } finally {
    await handle.close();
  }
}

async function readBounded(handle: FileHandle, display: string, signal: AbortSignal): Promise<Buffer> {
  const { size } = await handle.stat();
  if (size > maxFileBytes) throw tooLarge(display, size);
  const bytes = await readUpTo(handle, maxFileBytes + 1, signal);
  if (bytes.length > maxFileBytes) throw tooLarge(display, bytes.length);
  return bytes;
}

/** The size that a file claims is no limit: some grow while they are read, some say 0. */
async function readUpTo(handle: FileHandle, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const { size } = await handle.stat();
  const chunks: Buffer[] = [];
  let total = 0;
  for (let end = false; !end && total < maxBytes;) {
    signal.throwIfAborted();
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size + 1 - total, 64 * 1024), maxBytes - total));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
    end = bytesRead === 0;
  }
  return Buffer.concat(chunks, total);
}

function tooLarge(display: string, sizeBytes: number): ToolError {
  const megabytes = (sizeBytes / 1024 / 1024).toFixed(1);
  return new ToolError('too_large', `${JSON.stringify(display)} has ${megabytes} MB; at most 10 MB are read.`, {
    advice: 'Look at parts of it with a command such as head, tail or grep.',
  });
}

function ifGone(error: unknown): undefined {
  if (error instanceof ToolError && (error.code === 'not_found' || error.code === 'not_a_file')) return undefined;
  throw error;
}
