import {
  Disposable as VsDisposable,
  RelativePattern,
  Uri,
  window,
  workspace,
  type Disposable,
  type TextDocumentChangeEvent,
} from 'vscode';
import { nowOf } from '../../../core/edits/review';
import { Disposables } from '../../../core/util/disposables';
import type { Turns } from '../../../core/util/turns';
import type { FileRecord } from './fileRecord';
import { followed, formatted, isCoarse, shownAs } from './follow';
import type { PendingStore } from './pendingStore';
import { reconciled } from './reconciled';
import { documentOf, textOnDisk } from './standingText';
import type { TrackedFiles } from './trackedFiles';

export interface FileFollowerPorts {
  readonly tracked: TrackedFiles;
  readonly store: PendingStore;
  /** Landings, decisions and looks at the disk, one after the other. */
  readonly turns: Turns;
  readonly reportError: (what: string, error: unknown) => void;
}

/** A save that was begun and never ended is none any more. */
const longestSaveMs = 10_000;

/**
 * Keeps the records in step with what stands in the editor and on disk. Edits of our own are known by their text: it is what
 * the record says already.
 */
export class FileFollower implements Disposable {
  readonly #ports: FileFollowerPorts;
  readonly #owned = new Disposables();
  /** Since when each document is being saved, by its address. */
  readonly #saving = new Map<string, number>();
  /** The records before a change of which it is not known yet whether it came from the disk. */
  readonly #unsure = new Map<string, FileRecord>();
  /** One for each folder with tracked files. */
  readonly #watchers = new Map<string, Disposable>();
  #disposed = false;

  constructor(ports: FileFollowerPorts) {
    this.#ports = ports;
    const { tracked } = ports;
    const listeners = [
      workspace.onDidChangeTextDocument((event) => this.#changed(event)),
      workspace.onWillSaveTextDocument(({ document }) => this.#saving.set(document.uri.toString(), Date.now())),
      workspace.onDidSaveTextDocument(({ uri, isDirty }) => this.#saved(uri, isDirty)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#look(uri)),
      window.onDidChangeVisibleTextEditors((editors) => editors.forEach(({ document }) => this.#look(document.uri))),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused) void this.lookAtAll();
      }),
      tracked.onDidChange(() => this.#watchFolders()),
    ];
    for (const listener of listeners) this.#owned.add(listener);
  }

  /** What happened while nobody looked, here and in other windows. @throws nothing. */
  async lookAtAll(): Promise<void> {
    const { store, tracked, turns, reportError } = this.#ports;
    try {
      await turns.take(async () => {
        for (const record of await store.readNew()) tracked.hear(record.path, record);
      });
    } catch (error) {
      reportError('What is pending could not be read', error);
    }
    await Promise.all(tracked.records.map(({ path }) => this.lookAt(path)));
    this.#watchFolders();
  }

  /** In its turn. @throws nothing. */
  async lookAt(path: string): Promise<void> {
    const { turns, reportError } = this.#ports;
    const failed = (error: unknown): void => reportError('A file that waits for review could not be looked at', error);
    await turns.take(() => this.lookNow(path)).catch(failed);
  }

  /** To be called in a turn. @throws ToolError, StoreError. */
  async lookNow(path: string): Promise<void> {
    const { tracked } = this.#ports;
    await this.hearNews(path);
    const known = tracked.get(path);
    if (!known) return;
    const onDisk = await textOnDisk(known);
    const record = tracked.get(path);
    if (!record) return;
    const isDirty = documentOf(record)?.isDirty === true;
    const before = this.#unsure.get(path);
    this.#unsure.delete(path);
    const next = reconciled((!isDirty && before) || record, onDisk, isDirty, (text) => tracked.recall(path, text));
    if (next !== record) tracked.putSoon({ path, record: next }, 'moment');
    else if (isDirty && before) tracked.putSoon({ path, record }, 'typed');
    tracked.forgetClosed();
  }

  /** Takes over what another window has made of a file. To be called in a turn. @throws StoreError. */
  async hearNews(path: string): Promise<void> {
    const news = await this.#ports.store.news(path);
    if (news !== undefined) this.#ports.tracked.hear(path, news);
  }

  dispose(): void {
    this.#disposed = true;
    this.#owned.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  #changed({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const { tracked } = this.#ports;
    const record = tracked.at(document.uri);
    if (!record || record.kind === 'deleted') return;
    const text = document.getText();
    const now = nowOf(record.review);
    if (shownAs(now, text) === now) return;
    const mayBeKnown = reason !== undefined || contentChanges.some(isCoarse);
    const known = mayBeKnown ? tracked.recall(record.path, text) : undefined;
    // Formatters have their say before anybody is told of the save, or after: an edit that lands is theirs until it has landed.
    const isFormatting = reason === undefined && (record.landing !== undefined || this.#isSaving(document.uri));
    const review =
      known ??
      (isFormatting ? formatted(record.review, shownAs(now, text)) : followed(record.review, contentChanges, text));
    // The first key pressed in a saved document tells the same as a document that is read again: the next look knows which.
    const isUnsure = !document.isDirty;
    const kind = reason !== undefined ? 'moment' : isUnsure ? 'unsure' : 'typed';
    tracked.putSoon({ path: record.path, record: { ...record, review } }, kind);
    if (!isUnsure) return;
    if (!this.#unsure.has(record.path)) this.#unsure.set(record.path, record);
    this.#look(document.uri);
  }

  #saved(uri: Uri, isDirty: boolean): void {
    this.#saving.delete(uri.toString());
    const { tracked } = this.#ports;
    const record = tracked.at(uri);
    if (!record) return;
    if (!isDirty && record.saved !== record.review)
      tracked.putSoon({ path: record.path, record: { ...record, saved: record.review } }, 'moment');
    this.#look(uri);
  }

  #isSaving(uri: Uri): boolean {
    return Date.now() - (this.#saving.get(uri.toString()) ?? -Infinity) < longestSaveMs;
  }

  #look(uri: Uri): void {
    const record = this.#ports.tracked.at(uri);
    if (record) void this.lookAt(record.path);
  }

  #watchFolders(): void {
    if (this.#disposed) return;
    const wanted = new Map(
      this.#ports.tracked.records.map((record) => [folderOf(record).toString(), folderOf(record)]),
    );
    for (const [key, watcher] of this.#watchers) {
      if (wanted.has(key)) continue;
      watcher.dispose();
      this.#watchers.delete(key);
    }
    for (const [key, folder] of wanted) if (!this.#watchers.has(key)) this.#watchers.set(key, this.#watch(folder));
  }

  /** By folder: names of files may look like patterns. */
  #watch(folder: Uri): Disposable {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, '*'));
    const look = (uri: Uri): void => this.#look(uri);
    return VsDisposable.from(watcher, watcher.onDidChange(look), watcher.onDidCreate(look), watcher.onDidDelete(look));
  }
}

function folderOf(record: FileRecord): Uri {
  return Uri.joinPath(Uri.parse(record.address, true), '..');
}
