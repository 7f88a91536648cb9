import {
  CodeLens,
  EventEmitter,
  Range,
  type CodeLensProvider,
  type Disposable,
  type Event,
  type TextDocument,
} from 'vscode';
import type { Hunk } from '../../../core/edits/review';
import { Disposables } from '../../../core/util/disposables';
import type { PendingReviews } from '../pendingReviews';
import { headLine } from './hunkMarks';
import { shownHunks } from './hunkPlaces';
import { placeText } from './hunkText';
import type { HunkCommands } from './hunkCommands';

/** Above each pending hunk what can be done with it, and which one it is. */
export class HunkLenses implements CodeLensProvider, Disposable {
  readonly #pending: PendingReviews;
  readonly #commands: HunkCommands;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;
  readonly #owned = new Disposables();

  constructor(pending: PendingReviews, commands: HunkCommands) {
    this.#pending = pending;
    this.#commands = commands;
    this.#owned.add(this.#changed);
    this.#owned.add(pending.onDidChange(() => this.#changed.fire()));
  }

  provideCodeLenses({ uri, lineCount }: TextDocument): CodeLens[] {
    const file = this.#pending.file(uri);
    if (!file) return [];
    const hunks = shownHunks(file.review);
    const lensesOf = (hunk: Hunk): CodeLens[] => {
      const line = headLine(hunk, lineCount);
      const range = new Range(line, 0, line, 0);
      const place = `Change ${placeText(hunk, hunks)}`;
      const actions = this.#commands.of(file.uri, hunk.id).map(({ title, command, args }) => {
        return new CodeLens(range, { title, command, arguments: [...args], tooltip: `${title}: ${place}` });
      });
      // Without a command it is mere text.
      return [...actions, new CodeLens(range, { title: place, command: '' })];
    };
    return hunks.flatMap(lensesOf);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
