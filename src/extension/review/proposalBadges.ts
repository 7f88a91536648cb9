import {
  EventEmitter,
  FileDecoration,
  window,
  type Disposable,
  type Event,
  type FileDecorationProvider,
  type Uri,
} from 'vscode';
import { Disposables } from '../../core/util/disposables';
import { leftOf } from './proposalWords';
import type { Proposals } from './proposals';

const mostShown = 99;

/** How many changes are left, on the tab of a proposal's diff: its title stays as it was when it was opened. */
export class ProposalBadges implements FileDecorationProvider, Disposable {
  readonly #proposals: Proposals;
  readonly #changed = new EventEmitter<Uri>();
  readonly #owned = new Disposables();
  readonly onDidChangeFileDecorations: Event<Uri> = this.#changed.event;

  constructor(proposals: Proposals) {
    this.#proposals = proposals;
    this.#owned.add(this.#changed);
    this.#owned.add(proposals.onDidChangeText(({ right }) => this.#changed.fire(right)));
    this.#owned.add(window.registerFileDecorationProvider(this));
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    const file = this.#proposals.fileOf(uri);
    if (file?.right.toString() !== uri.toString()) return undefined;
    return new FileDecoration(String(Math.min(file.text.hunks.length, mostShown)), leftOf(file.text));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
