import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import * as path from 'node:path';
import { SandboxError, ToolError } from '../core/errors';
import type { FileChange, FileRestore } from '../core/sandbox/sandbox';
import type { LocalFiles } from './localFiles';
import { makeFolders } from './makeFolders';
import type { OpenFolder } from './openInside';
import type { PathBox } from './pathBox';
import { systemCodeOf, unlessFailing } from './systemError';
import { encodeText } from './textEncoding';

/** A change that is written beside its file and only needs to take its place. */
export interface StagedChange {
  readonly display: string;
  /** @throws ToolError 'stale' | 'already_exists' when the file changed since it was staged. */
  commit(): Promise<void>;
  /** Undoes `commit`. @throws ToolError 'stale' when somebody has written there since: that stays. */
  rollBack(): Promise<void>;
  /** Takes away what was left beside the file, and folders that nothing was put into. */
  close(): Promise<void>;
}

/** What a file was when it was compared with the plan. */
interface OldFile {
  readonly bytes: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly version: string;
}

/** Compares the file with `before` and writes `after` beside it. @throws ToolError, with nothing left behind. */
export async function stageChange(
  change: FileChange,
  box: PathBox,
  files: LocalFiles,
  signal: AbortSignal,
): Promise<StagedChange> {
  const { path: file, display, before, after } = change;
  const next = (old: Buffer | undefined): Buffer | undefined => {
    if (!old) return encodeText(after ?? '', { encoding: 'utf-8', hasBom: false }, display);
    const found = files.decode(old, display);
    if (found.text !== before) throw stale(display, 'its text is not what it was when the edit was planned');
    return after === undefined ? undefined : encodeText(after, found, display);
  };
  return stage({ file, display, isNew: before === undefined, next }, box, files, signal);
}

/** The same for bytes that come back. @throws ToolError, SandboxError 'raced', with nothing left behind. */
export async function stageRestore(
  restore: FileRestore,
  box: PathBox,
  files: LocalFiles,
  signal: AbortSignal,
): Promise<StagedChange> {
  const { path: file, display, before, after, mode } = restore;
  const next = (old: Buffer | undefined): Buffer | undefined => {
    if (old && (!before || !old.equals(before))) throw stale(display, 'it is not what it was a moment ago');
    return after && Buffer.from(after);
  };
  return stage({ file, display, isNew: before === undefined, next, mode }, box, files, signal);
}

interface Wanted {
  readonly file: string;
  readonly display: string;
  /** There must be no such file. */
  readonly isNew: boolean;
  /** What is to stand there, from what stands there; undefined: nothing. @throws ToolError 'stale' where that is not what was expected. */
  readonly next: (old: Buffer | undefined) => Buffer | undefined;
  /** Permission bits. Default: as they are. */
  readonly mode?: number | undefined;
}

async function stage(wanted: Wanted, box: PathBox, files: LocalFiles, signal: AbortSignal): Promise<StagedChange> {
  const { folder, removeEmpty } = await makeFolders(box, path.dirname(wanted.file), wanted.isNew);
  const staged = new Staging(wanted, folder, removeEmpty);
  try {
    await staged.prepare(box, files, signal);
    return staged;
  } catch (error) {
    await staged.close();
    throw error;
  }
}

class Staging implements StagedChange {
  readonly display: string;
  readonly #wanted: Wanted;
  readonly #folder: OpenFolder;
  readonly #removeEmptyFolders: () => Promise<void>;
  readonly #name: string;
  readonly #temporary = new Set<string>();
  #old: OldFile | undefined;
  #newFile: string | undefined;
  /** Tells the new file from what others write into it. */
  #written: string | undefined;

  constructor(wanted: Wanted, folder: OpenFolder, removeEmptyFolders: () => Promise<void>) {
    this.display = wanted.display;
    this.#wanted = wanted;
    this.#folder = folder;
    this.#removeEmptyFolders = removeEmptyFolders;
    this.#name = path.basename(wanted.file);
  }

  async prepare(box: PathBox, files: LocalFiles, signal: AbortSignal): Promise<void> {
    const { file, isNew, next, mode } = this.#wanted;
    const found = await this.#at(this.#folder.at(this.#name));
    if (isNew) {
      if (found) throw existsAlready(this.display);
      const bytes = next(undefined);
      if (bytes) this.#newFile = await this.#write(bytes, mode === undefined ? undefined : { mode });
      return;
    }
    if (!found) throw stale(this.display, 'it is gone');
    const real = await box.resolve(file, signal);
    if (found.isSymbolicLink()) throw leadsElsewhere(this.display, real.display);
    const { bytes: old } = await files.readBytes(real.path, signal);
    const bytes = next(old);
    const { uid, gid } = found;
    const oldMode = Number(found.mode) & 0o7777;
    this.#old = { bytes: old, mode: oldMode, uid: Number(uid), gid: Number(gid), version: versionOf(found) };
    if (bytes) this.#newFile = await this.#write(bytes, { ...this.#old, mode: mode ?? oldMode });
  }

  async commit(): Promise<void> {
    const target = this.#folder.at(this.#name);
    if (!this.#old) await this.#putInFreePlace(target);
    else {
      const now = await this.#at(target);
      if (!now || versionOf(now) !== this.#old.version)
        throw stale(this.display, 'it was changed while the edit was written');
      if (this.#newFile === undefined) await unlink(target);
      else await this.#moveOver(this.#newFile, target);
    }
    await this.#folder.sync();
  }

  async rollBack(): Promise<void> {
    const target = this.#folder.at(this.#name);
    const found = await this.#at(target);
    if ((found && writtenOf(found)) !== this.#written) throw stale(this.display, 'somebody has written there since');
    if (this.#old) await this.#moveOver(await this.#write(this.#old.bytes, this.#old), target);
    else await unlink(target);
    await this.#folder.sync();
  }

  async close(): Promise<void> {
    for (const name of this.#temporary) await unlessFailing(['ENOENT'], unlink(this.#folder.at(name)));
    await this.#folder.close();
    await this.#removeEmptyFolders();
  }

  /** A new file beside the target, complete and on the disk. */
  async #write(bytes: Buffer, like: Pick<OldFile, 'mode'> | OldFile | undefined): Promise<string> {
    // Without the file's own name, which may be as long as names can be.
    const name = `.${randomUUID()}.tmp`;
    const handle = await open(this.#folder.at(name), 'wx', like?.mode ?? 0o666).catch((error: unknown) => {
      throw cannotWrite(this.display, error);
    });
    this.#temporary.add(name);
    try {
      await handle.writeFile(bytes);
      if (like) {
        // Only root may give files away: for others the file then is theirs, as with any editor that saves this way.
        if ('uid' in like) await unlessFailing(['EPERM', 'EINVAL', 'ENOSYS'], handle.chown(like.uid, like.gid));
        await handle.chmod(like.mode);
      }
      await handle.sync();
      this.#written ??= writtenOf(await handle.stat({ bigint: true }));
    } catch (error) {
      throw cannotWrite(this.display, error);
    } finally {
      await handle.close();
    }
    return name;
  }

  /** Undefined: there is nothing. */
  #at(target: string): Promise<BigIntStats | undefined> {
    return unlessFailing(['ENOENT'], lstat(target, { bigint: true }));
  }

  /** Fails where there is something by now; a rename would replace it. */
  async #putInFreePlace(target: string): Promise<void> {
    const newFile = this.#newFile;
    if (newFile === undefined) return;
    try {
      await link(this.#folder.at(newFile), target);
    } catch (error) {
      const code = systemCodeOf(error) ?? '';
      if (code === 'EEXIST') throw existsAlready(this.display, error);
      // File systems without hard links: the last look is right before the move.
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'].includes(code)) throw error;
      if (await unlessFailing(['ENOENT'], lstat(target))) throw existsAlready(this.display, error);
      await this.#moveOver(newFile, target);
    }
  }

  async #moveOver(name: string, target: string): Promise<void> {
    await rename(this.#folder.at(name), target);
    this.#temporary.delete(name);
  }
}

function versionOf(file: { ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): string {
  return [file.ino, file.size, file.mtimeNs, file.ctimeNs].join(':');
}

/** Moving and linking a file changes none of this. */
function writtenOf(file: { ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return [file.ino, file.size, file.mtimeNs].join(':');
}

function stale(display: string, why: string): ToolError {
  return new ToolError('stale', `${JSON.stringify(display)} was not changed: ${why}.`, {
    advice: 'Read the file again and plan the edit anew.',
    retryable: true,
  });
}

function leadsElsewhere(display: string, target: string): SandboxError {
  return new SandboxError(
    'raced',
    `${JSON.stringify(display)} is a symbolic link to ${JSON.stringify(target)} by now.`,
    {
      advice: 'Nothing was changed. Look at it before you try again.',
    },
  );
}

function existsAlready(display: string, cause?: unknown): ToolError {
  return new ToolError('already_exists', `${JSON.stringify(display)} was not written: it exists by now.`, {
    advice: 'Read it and edit it instead.',
    cause,
  });
}

function cannotWrite(display: string, cause: unknown): ToolError {
  return new ToolError('failed', `${JSON.stringify(display)} cannot be written: ${String(cause)}.`, {
    advice: 'Check the permissions of its folder and the free space.',
    cause,
  });
}
