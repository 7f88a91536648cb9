import { window, type Disposable } from 'vscode';
import { Disposables } from '../../../core/util/disposables';
import { ContextKeys } from '../contextKeys';
import { showsAllUnder } from '../multiFileTabs';
import type { PendingReviews } from '../pendingReviews';
import type { HunkTargets } from './hunkTargets';
import { allChangesTitle } from './openChanges';

export interface PendingKeysPorts {
  readonly pending: PendingReviews;
  readonly targets: HunkTargets;
  readonly report: (problem: unknown) => void;
}

/**
 * Keys for `when` clauses: `hasPending`, `onPendingHunk` (the cursor stands in one), `inPendingFile` (the active editor shows
 * one), `pendingPaths` (for `resourcePath in`) and `allPendingShown` (the view of all files is in front).
 */
export class PendingKeys implements Disposable {
  readonly #ports: PendingKeysPorts;
  readonly #keys: ContextKeys;
  readonly #owned = new Disposables();

  constructor(ports: PendingKeysPorts, prefix: string) {
    this.#ports = ports;
    this.#keys = new ContextKeys(prefix, ports.report);
    this.#owned.add(ports.pending.onDidChange(() => this.#update()));
    this.#owned.add(window.onDidChangeActiveTextEditor(() => this.#updateCursor()));
    this.#owned.add(window.onDidChangeTextEditorSelection(() => this.#updateCursor()));
    this.#owned.add(window.tabGroups.onDidChangeTabs(() => this.#updateTab()));
    this.#owned.add(window.tabGroups.onDidChangeTabGroups(() => this.#updateTab()));
    this.#update();
    this.#updateTab();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #update(): void {
    const { files } = this.#ports.pending;
    this.#keys.set('hasPending', files.length > 0);
    // `resourcePath` is the one or the other, depending on where the editor's window runs.
    this.#keys.set('pendingPaths', [...new Set(files.flatMap(({ uri }) => [uri.fsPath, uri.path]))]);
    this.#updateCursor();
  }

  #updateCursor(): void {
    const target = this.#ports.targets.atCursor();
    this.#keys.set('onPendingHunk', target !== undefined && target.hunks.length > 0);
    this.#keys.set('inPendingFile', target !== undefined);
  }

  #updateTab(): void {
    const tab = window.tabGroups.activeTabGroup.activeTab;
    this.#keys.set('allPendingShown', tab !== undefined && showsAllUnder(allChangesTitle, tab));
  }
}
