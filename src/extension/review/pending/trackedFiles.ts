import { EventEmitter, Uri, type Disposable, type Event } from 'vscode';
import { nowOf, type Review } from '../../../core/edits/review';
import { quietTimer } from '../../../core/util/quietTimer';
import { fileUri } from '../../fileUri';
import { openDocumentsAt } from '../../openDocuments';
import type { PendingFile } from '../pendingReviews';
import { isKept, isPending, type FileRecord } from './fileRecord';
import type { News, PendingStore } from './pendingStore';
import { TextMemory } from './textMemory';
import { withUnsaved } from './withUnsaved';

export interface RecordChange {
  readonly path: string;
  /** Undefined: it is forgotten. */
  readonly record: FileRecord | undefined;
  /** The same change made to what another window has written meanwhile. Default: as it is said here. */
  readonly again?: (news: FileRecord | undefined) => FileRecord | undefined;
}

export interface TrackedFilesPorts {
  readonly store: PendingStore;
  /** Nothing waits in this file any more. */
  readonly onReviewed: (displays: readonly string[]) => void;
  readonly reportError: (what: string, error: unknown) => void;
}

/** 'unsure': typed, or read again from disk; only what is known to be one of them is remembered. */
type ChangeKind = 'moment' | 'typed' | 'unsure';

interface Tracked {
  readonly record: FileRecord;
  readonly memory: TextMemory;
}

/** How long typing gathers before it is written. */
const gatherMs = 100;
/** How often another window may be faster. */
const maxTries = 10;

/**
 * The records of all files that are pending, or were as long as their documents are open: undo may bring their hunks back.
 * Every change of a record goes through `put`.
 */
export class TrackedFiles implements Disposable {
  readonly #ports: TrackedFilesPorts;
  readonly #files = new Map<string, Tracked>();
  readonly #shown = new WeakMap<FileRecord, PendingFile>();
  readonly #changed = new EventEmitter<readonly Uri[]>();
  /** Typing that is not written yet. */
  readonly #late = new Set<string>();
  #stopTimer: (() => void) | undefined;

  readonly onDidChange: Event<readonly Uri[]> = this.#changed.event;

  constructor(ports: TrackedFilesPorts) {
    this.#ports = ports;
  }

  get records(): readonly FileRecord[] {
    return [...this.#files.values()].map(({ record }) => record);
  }

  /** Those in which something waits, in the order in which they became pending. */
  get pending(): readonly FileRecord[] {
    return this.records.filter(isPending).sort((left, right) => left.since - right.since);
  }

  get(path: string): FileRecord | undefined {
    return this.#files.get(path)?.record;
  }

  at(uri: Uri): FileRecord | undefined {
    const address = uri.toString();
    return this.records.find((record) => record.address === address || fileUri(record.path).toString() === address);
  }

  shown(record: FileRecord): PendingFile {
    const known = this.#shown.get(record);
    if (known) return known;
    const { address, display, kind, state, review, pair } = record;
    const movedFrom = kind !== 'deleted' && pair?.isOld ? pair.display : undefined;
    const file = {
      uri: Uri.parse(address, true),
      display,
      kind,
      state,
      review,
      ...(movedFrom !== undefined && { movedFrom }),
    };
    this.#shown.set(record, file);
    return file;
  }

  /** The review as it was when this text stood there. */
  recall(path: string, text: string): Review | undefined {
    return this.#files.get(path)?.memory.find(text);
  }

  /** What is decided holds for what undo brings back as well. */
  rewriteMemory(path: string, change: (review: Review) => Review): void {
    this.#files.get(path)?.memory.update(change);
  }

  /** Changes all at once; what another window knows better is heard before it is written. Resolves when it would survive a crash. @throws StoreError; it is changed here all the same. */
  async put(changes: readonly RecordChange[]): Promise<void> {
    const kept = this.#take(changes, 'moment');
    await Promise.all(changes.map((change, index) => this.#write(change, kept[index] === true)));
  }

  /** As `put`, written 100 ms later at most. */
  putSoon(change: RecordChange, kind: ChangeKind): void {
    const [kept] = this.#take([change], kind);
    if (kept === undefined) return;
    this.#late.add(change.path);
    this.#stopTimer ??= quietTimer(() => void this.flush(), gatherMs);
  }

  /** What another window has made of a file: it is on disk already. Unsaved text of this window's stays the user's. */
  hear(path: string, news: FileRecord | 'gone'): void {
    const record = news === 'gone' ? undefined : withUnsaved(news);
    this.#take([{ path, record }], 'moment');
    this.#late.delete(path);
  }

  /** Forgets files in which nothing waits and that nobody has open. */
  forgetClosed(): void {
    for (const [path, { record }] of this.#files)
      if (!isKept(record) && openDocumentsAt(path).length === 0) this.#files.delete(path);
  }

  /** Writes what gathered. @throws nothing. */
  async flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const late = [...this.#late];
    const failed = (error: unknown): void => this.#ports.reportError('What is pending could not be kept', error);
    await Promise.all(late.map((path) => this.#writeLate(path).catch(failed)));
  }

  dispose(): void {
    this.#stopTimer?.();
    this.#changed.dispose();
  }

  /** Whether each has, or had, a document. */
  #take(changes: readonly RecordChange[], kind: ChangeKind): readonly (boolean | undefined)[] {
    const reviewed: string[] = [];
    const uris: Uri[] = [];
    const kept = changes.map(({ path, record }) => {
      const old = this.#files.get(path);
      const [was, is] = [isKeptAt(old?.record), isKeptAt(record)];
      if (was && !is && old) reviewed.push(old.record.display);
      const visible = record ?? old?.record;
      if (visible && old?.record !== record && (isShown(old?.record) || isShown(record)))
        uris.push(this.shown(visible).uri);
      if (record) this.#set(path, record, kind, old);
      else this.#files.delete(path);
      return was || is ? is : undefined;
    });
    if (reviewed.length > 0) this.#ports.onReviewed(reviewed);
    if (uris.length > 0) this.#changed.fire(uris);
    return kept;
  }

  #set(path: string, record: FileRecord, kind: ChangeKind, old: Tracked | undefined): void {
    const memory = old?.memory ?? new TextMemory();
    const before = record.landing?.before?.review ?? old?.record.review;
    if (before && kind === 'moment') memory.remember(before, 'moment');
    if (kind !== 'unsure') memory.remember(record.review, kind);
    this.#files.set(path, { record, memory });
  }

  /** Written only where it is not known better elsewhere: what is said there counts, with what is typed here. */
  async #writeLate(path: string): Promise<void> {
    const news = await this.#store(path, isKeptAt(this.get(path)));
    if (news !== undefined) this.hear(path, news);
  }

  async #write({ path, record, again }: RecordChange, isKeptNow: boolean): Promise<void> {
    const make = again ?? (() => record);
    let wanted = isKeptNow;
    for (let tries = 0; tries < maxTries; tries++) {
      const news = await this.#store(path, wanted);
      if (news === undefined) return;
      this.hear(path, news);
      const next = make(this.get(path));
      this.#take([{ path, record: next }], 'moment');
      wanted = isKeptAt(next);
    }
  }

  async #store(path: string, isKeptNow: boolean): Promise<News> {
    this.#late.delete(path);
    const record = this.get(path);
    return record && isKeptNow ? this.#ports.store.write(record) : this.#ports.store.remove(path);
  }
}

function isKeptAt(record: FileRecord | undefined): boolean {
  return record !== undefined && isKept(record);
}

/** How much text is kept of it, roughly, in characters. */
export function sizeOf({ review, original, away = [] }: FileRecord): number {
  const hunks = review.segments.reduce((sum, one) => sum + (one.kind === 'hunk' ? one.base.length : 0), 0);
  const elsewhere = away.reduce((sum, one) => sum + nowOf(one.review).length, 0);
  return nowOf(review).length + elsewhere + hunks + (original?.base64.length ?? 0);
}

function isShown(record: FileRecord | undefined): boolean {
  return record !== undefined && isPending(record);
}
