import { isAgentError } from '../errors';
import type { FileStat, ResolvedPath, SandboxFiles, WorkspacePath } from '../sandbox/sandbox';
import { fingerprint } from '../util/fingerprint';
import { mapTogether } from '../util/mapTogether';

/** How what the agent knows of a file stands to the file. Times are milliseconds since 1970. */
export interface FileFreshness {
  /** Whether the file holds what the agent last read or wrote there; true for one that it never did. */
  readonly isFresh: boolean;
  readonly lastRead?: number;
  readonly lastEdit?: number;
  /** Absent: there is no such file. */
  readonly currentMtime?: number;
}

/** A file that the agent has read or edited. */
export interface AccessedFile {
  /** For people and the model, as in `ResolvedPath.display`. */
  readonly path: string;
  readonly lastRead?: number;
  readonly lastEdit?: number;
}

/** A file that is not as the agent knows it. */
export interface OutsideChange {
  readonly path: string;
  readonly kind: 'changed' | 'gone';
  /** Absent for guarded files: of them nothing but the name is told. */
  readonly modifiedMs?: number;
}

interface Tracked {
  readonly file: Pick<ResolvedPath, 'path' | 'display' | 'guarded'>;
  /** Of the text that the agent last read or left there; undefined: there was no text. */
  readonly known: string | undefined;
  readonly lastRead?: number;
  readonly lastEdit?: number;
  /** What the file looked like from outside when it held just that; undefined: not looked at yet, or too soon after it was written. */
  stamp?: string;
  /** The agent knows that the file has changed since. */
  isTold: boolean;
}

type FileRef = Tracked['file'];

const maxFiles = 200;
const filesAtOnce = 16;
/** A file that was written this shortly ago may be written again without looking any different from outside. */
const coarsestClockMs = 2_000;

/**
 * What an agent has read and edited, and what it knows of it: a fingerprint of the text, so that its own edits are never taken for
 * somebody else's, whatever the file's time says. Of the last 200 files; in memory only: after a restart nothing is known, so
 * nothing stale is told. Nothing is watched: files are looked at before a step.
 */
export class FilePool {
  readonly #files: SandboxFiles;
  readonly #now: () => number;
  /** The least recently used come first. */
  readonly #tracked = new Map<WorkspacePath, Tracked>();

  constructor(ports: { readonly files: SandboxFiles; readonly now: () => number }) {
    this.#files = ports.files;
    this.#now = ports.now;
  }

  /** Notes that the agent has just read this file. @throws as `SandboxFiles.resolve` and `readText`. */
  async recordRead(path: string, signal: AbortSignal): Promise<void> {
    const file = await this.#files.resolve(path, signal);
    this.noteRead(file, (await this.#files.readText(file.path, signal)).text);
  }

  /** Notes that what the file holds now is the agent's own doing. @throws as `SandboxFiles.resolve` and `readText`. */
  async recordEdit(path: string, signal: AbortSignal): Promise<void> {
    const file = await this.#files.resolve(path, signal);
    this.noteEdit(file, file.exists ? (await this.#files.readText(file.path, signal)).text : undefined);
  }

  /** As `recordRead`, where the text is at hand. */
  noteRead(file: FileRef, text: string): void {
    this.#note(file, { known: fingerprint(text), lastRead: this.#now() });
  }

  /** As `recordEdit`, where the text is at hand; undefined: the agent has deleted the file. */
  noteEdit(file: FileRef, text: string | undefined): void {
    if (text === undefined) this.#tracked.delete(file.path);
    else this.#note(file, { known: fingerprint(text), lastEdit: this.#now() });
  }

  /** Whether overwriting the file would overwrite nothing that the agent does not know of. @throws as `SandboxFiles.resolve`. */
  validateWrite(path: string, signal: AbortSignal): Promise<FileFreshness> {
    return this.checkFreshness(path, signal);
  }

  /** @throws as `SandboxFiles.resolve`. */
  async checkFreshness(path: string, signal: AbortSignal): Promise<FileFreshness> {
    const file = await this.#files.resolve(path, signal);
    const tracked = this.#tracked.get(file.path);
    const stat = await this.#files.stat(file.path, signal);
    const isFresh = tracked === undefined || (await this.#changeOf(tracked, signal)) === undefined;
    return {
      isFresh,
      ...timesOf(tracked),
      ...(stat && { currentMtime: stat.modifiedMs }),
    };
  }

  /** Whether the agent knows another text of this file than the one it holds now. */
  isOutdated({ path }: FileRef, textNow: string): boolean {
    const tracked = this.#tracked.get(path);
    return tracked !== undefined && tracked.known !== fingerprint(textNow);
  }

  /** The paths of what is looked at before a step, the most recently used first. */
  getTrackedFiles(): readonly string[] {
    return this.getAccessedFiles().map(({ path }) => path);
  }

  /** The most recently used first. */
  getAccessedFiles(): readonly AccessedFile[] {
    return [...this.#tracked.values()]
      .toReversed()
      .map((tracked) => ({ path: tracked.file.display, ...timesOf(tracked) }));
  }

  get isEmpty(): boolean {
    return this.#tracked.size === 0;
  }

  /** The conversation is another one: what the agent knows of files is found out anew. */
  clear(): void {
    this.#tracked.clear();
  }

  /** The agent was told in other words that these have changed. */
  heardOf(displays: readonly string[]): void {
    for (const tracked of this.#tracked.values()) if (displays.includes(tracked.file.display)) tracked.isTold = true;
  }

  /**
   * What has changed since the agent last read or wrote it; each file once, until it reads or writes it again. Takes a look at every
   * tracked file, and reads those that look different. What cannot be looked at before the signal is aborted waits for the next time.
   * @throws nothing.
   */
  async newChanges(signal: AbortSignal): Promise<readonly OutsideChange[]> {
    const wanted = [...this.#tracked.values()].filter(({ isTold }) => !isTold).toReversed();
    const found = await mapTogether(wanted, filesAtOnce, async (tracked) => {
      const change = signal.aborted ? undefined : await this.#changeOf(tracked, signal);
      // It may have been read or edited meanwhile.
      const isNews = change !== undefined && this.#tracked.get(tracked.file.path) === tracked && !tracked.isTold;
      if (!isNews) return [];
      tracked.isTold = true;
      return [change];
    });
    return found.flat();
  }

  #note(file: FileRef, what: Pick<Tracked, 'known' | 'lastRead' | 'lastEdit'>): void {
    const { path, display, guarded } = file;
    const before = timesOf(this.#tracked.get(path));
    this.#tracked.delete(path);
    this.#tracked.set(path, {
      ...before,
      ...what,
      file: { path, display, ...(guarded && { guarded }) },
      isTold: false,
    });
    const [oldest] = this.#tracked.keys();
    if (this.#tracked.size > maxFiles && oldest !== undefined) this.#tracked.delete(oldest);
  }

  /** How the file differs from what the agent knows of it. What cannot be found out counts as no difference. */
  async #changeOf(tracked: Tracked, signal: AbortSignal): Promise<OutsideChange | undefined> {
    const { file, known, stamp } = tracked;
    try {
      // Before it is read: what is written in between shows the next time.
      const stat = await this.#files.stat(file.path, signal);
      if (!stat) return { path: file.display, kind: 'gone' };
      const stampNow = stampOf(stat);
      if (stampNow === stamp) return undefined;
      const change: OutsideChange = {
        ...{ path: file.display, kind: 'changed' },
        ...(!file.guarded && { modifiedMs: stat.modifiedMs }),
      };
      if ((await this.#textNow(file.path, signal)) !== known) return change;
      if (this.#now() - stat.modifiedMs >= coarsestClockMs) tracked.stamp = stampNow;
      return undefined;
    } catch (error) {
      if (signal.aborted || !isAgentError(error)) return undefined;
      return error.code === 'not_found' ? { path: file.display, kind: 'gone' } : undefined;
    }
  }

  /** Undefined: it is no text any more. */
  async #textNow(path: WorkspacePath, signal: AbortSignal): Promise<string | undefined> {
    try {
      return fingerprint((await this.#files.readText(path, signal)).text);
    } catch (error) {
      const isNoText = isAgentError(error) && ['binary', 'too_large', 'unsupported_encoding'].includes(error.code);
      if (isNoText) return undefined;
      throw error;
    }
  }
}

function timesOf(tracked: Tracked | undefined): Pick<Tracked, 'lastRead' | 'lastEdit'> {
  return {
    ...(tracked?.lastRead !== undefined && { lastRead: tracked.lastRead }),
    ...(tracked?.lastEdit !== undefined && { lastEdit: tracked.lastEdit }),
  };
}

function stampOf({ sizeBytes, modifiedMs, unsavedVersion }: FileStat): string {
  return [sizeBytes, modifiedMs, unsavedVersion].join(' ');
}
