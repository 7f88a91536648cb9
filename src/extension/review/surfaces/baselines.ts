import { TabInputTextDiff, Uri, window, workspace, type Disposable } from 'vscode';
import { baseOf } from '../../../core/edits/review';
import { Disposables } from '../../../core/util/disposables';
import { quietTimer } from '../../../core/util/quietTimer';
import { MemoryFiles } from '../memoryFiles';
import type { PendingFile, PendingReviews } from '../pendingReviews';

/** A pending file in an editor, and what of it is shown there; 'empty' stands where there is no file. */
export interface ShownSide {
  readonly file: PendingFile;
  readonly side: 'base' | 'now' | 'empty';
}

/** The user's typing moves the countersigned text along, letter by letter: it is written anew once that pauses. */
const refreshAfterMs = 100;

/** What pending changes are compared with: the countersigned texts, as read-only files of the scheme `<prefix>-pending`. */
export class Baselines implements Disposable {
  readonly scheme: string;
  readonly #pending: PendingReviews;
  readonly #files = new MemoryFiles('readonly', 'These changes are no longer pending. Close the tab.');
  /** By the text of the file's address. */
  readonly #sides = new Map<string, { readonly file: Uri; readonly base: Uri; readonly empty: Uri }>();
  readonly #stale = new Map<string, Uri>();
  readonly #owned = new Disposables();
  #cancel: () => void = () => undefined;

  constructor(pending: PendingReviews, prefix: string) {
    this.scheme = `${prefix}-pending`;
    this.#pending = pending;
    this.#owned.add(this.#files);
    const options = { isCaseSensitive: true, isReadonly: true };
    this.#owned.add(workspace.registerFileSystemProvider(this.scheme, this.#files, options));
    this.#owned.add(pending.onDidChange((uris) => this.#note(uris)));
    this.#owned.add(window.tabGroups.onDidChangeTabs(({ closed }) => closed.length > 0 && this.#forget()));
    this.#note(pending.files.map(({ uri }) => uri));
  }

  /** What was countersigned; empty for a new file. Undefined when nothing of the file is pending. */
  base(uri: Uri): Uri | undefined {
    if (this.#stale.delete(uri.toString())) this.#update(uri);
    return this.#pending.file(uri) && this.#sides.get(uri.toString())?.base;
  }

  /** The side where the changes stand: the file itself, or an empty text where there is none. */
  now(file: PendingFile): Uri {
    if (this.#stale.delete(file.uri.toString())) this.#update(file.uri);
    return isThere(file) ? file.uri : (this.#sides.get(file.uri.toString())?.empty ?? file.uri);
  }

  /** The pending file that an editor shows: as it is now, or one of the sides that only a comparison has. */
  find(uri: Uri): ShownSide | undefined {
    const shown = uri.toString();
    if (uri.scheme !== this.scheme) return sideOf(this.#pending.file(uri), 'now');
    for (const { file, base, empty } of this.#sides.values()) {
      if (base.toString() === shown) return sideOf(this.#pending.file(file), 'base');
      if (empty.toString() === shown) return sideOf(this.#pending.file(file), 'empty');
    }
    return undefined;
  }

  dispose(): void {
    this.#cancel();
    this.#owned.dispose();
  }

  #note(uris: readonly Uri[]): void {
    for (const uri of uris) this.#stale.set(uri.toString(), uri);
    this.#cancel();
    this.#cancel = quietTimer(() => this.#refresh(), refreshAfterMs);
  }

  #refresh(): void {
    const uris = [...this.#stale.values()];
    this.#stale.clear();
    for (const uri of uris) this.#update(uri);
  }

  #update(uri: Uri): void {
    const file = this.#pending.file(uri);
    if (!file) {
      this.#settle(uri);
      return;
    }
    const sides = this.#sidesOf(file);
    const text = baseOf(file.review);
    if (this.#files.text(sides.base) !== text) this.#files.put(sides.base, text);
    if (this.#files.text(sides.empty) === undefined) this.#files.put(sides.empty, '');
  }

  #sidesOf({ uri, display }: PendingFile): { readonly base: Uri; readonly empty: Uri } {
    const known = this.#sides.get(uri.toString());
    if (known) return known;
    // Titles and breadcrumbs show the path, and that is for people.
    const place = { scheme: this.scheme, path: `/${display}`, query: uri.toString() };
    const [base, empty] = [Uri.from({ ...place, authority: 'base' }), Uri.from({ ...place, authority: 'none' })];
    this.#sides.set(uri.toString(), { file: uri, base, empty });
    return { base, empty };
  }

  /** All is decided: a comparison that is still open shows that nothing differs any more. */
  #settle(uri: Uri): void {
    const sides = this.#sides.get(uri.toString());
    const live = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (sides && live && isCompared(sides.base)) this.#files.put(sides.base, live.getText());
    else this.#forget();
  }

  #forget(): void {
    for (const [key, { file, base, empty }] of this.#sides) {
      if (this.#pending.file(file) || isCompared(base)) continue;
      this.#files.remove(base);
      this.#files.remove(empty);
      this.#sides.delete(key);
    }
  }
}

function sideOf(file: PendingFile | undefined, side: ShownSide['side']): ShownSide | undefined {
  return file && { file, side };
}

/** Whether the file can be opened itself. */
export function isThere({ kind, state }: PendingFile): boolean {
  return kind !== 'deleted' && state === 'here';
}

function isCompared(base: Uri): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputTextDiff && input.original.toString() === base.toString()),
  );
}
