import {
  scm,
  ThemeIcon,
  type Disposable,
  type SourceControl,
  type SourceControlResourceGroup,
  type SourceControlResourceState,
} from 'vscode';
import { hunksOf } from '../../../core/edits/review';
import type { Disposable as Owned } from '../../../core/util/disposables';
import type { PendingFile, PendingReviews } from '../pendingReviews';
import type { Baselines } from './baselines';
import type { HunkCommands } from './hunkCommands';
import { countText } from './hunkText';

interface Shown {
  readonly control: SourceControl;
  readonly group: SourceControlResourceGroup;
}

export interface PendingSourcePorts {
  readonly pending: PendingReviews;
  readonly baselines: Baselines;
  readonly commands: HunkCommands;
}

/** The pending files in the Source Control view, and what the editor's own change marks compare with. Only while there are some. */
export class PendingSource implements Disposable {
  readonly #ports: PendingSourcePorts;
  /** The name that `scmProvider` has in `when` clauses. */
  readonly #id: string;
  readonly #listener: Owned;
  #shown: Shown | undefined;
  #listed = '';

  constructor(ports: PendingSourcePorts, id: string) {
    this.#ports = ports;
    this.#id = id;
    this.#listener = ports.pending.onDidChange(() => this.#update());
    this.#update();
  }

  /** What the view lists; undefined: there is no such view now. */
  get states(): readonly SourceControlResourceState[] | undefined {
    return this.#shown?.group.resourceStates;
  }

  get control(): SourceControl | undefined {
    return this.#shown?.control;
  }

  dispose(): void {
    this.#listener.dispose();
    this.#close();
  }

  #update(): void {
    const { files } = this.#ports.pending;
    if (files.length === 0) {
      this.#close();
      return;
    }
    const shown = (this.#shown ??= this.#open());
    const states = files.map((file) => this.#stateOf(file));
    // The editor compares every open file anew when the list comes, and the user's typing changes none of it.
    const text = JSON.stringify(states);
    if (text === this.#listed) return;
    this.#listed = text;
    shown.group.resourceStates = states;
    shown.control.count = files.length;
  }

  #open(): Shown {
    const control = scm.createSourceControl(this.#id, 'Countersign');
    control.inputBox.visible = false;
    // Asked anew whenever the list below changes.
    control.quickDiffProvider = { provideOriginalResource: (uri) => this.#ports.baselines.base(uri) };
    const group = control.createResourceGroup('pending', 'Changes to Review');
    group.hideWhenEmpty = true;
    return { control, group };
  }

  #close(): void {
    this.#shown?.group.dispose();
    this.#shown?.control.dispose();
    this.#shown = undefined;
    this.#listed = '';
  }

  #stateOf(file: PendingFile): SourceControlResourceState {
    const hunks = hunksOf(file.review);
    const touched = hunks.filter((hunk) => hunk.touched).length;
    const isDeleted = file.kind === 'deleted' || file.state === 'gone';
    const counts = `${countText(hunks.length, 'change')} to review`;
    const whose = touched === 0 ? '' : `, ${touched} with your changes`;
    return {
      resourceUri: file.uri,
      contextValue: file.kind,
      command: {
        title: 'Open Changes',
        command: this.#ports.commands.name('openPendingChanges'),
        arguments: [file.uri.toString()],
      },
      decorations: {
        strikeThrough: isDeleted,
        tooltip: `${file.display}${aboutOf(file)}: ${counts}${whose}`,
        iconPath: new ThemeIcon(iconOf(file)),
      },
    };
  }
}

function aboutOf({ kind, state, movedFrom }: PendingFile): string {
  if (state === 'gone') return ' (gone from disk)';
  if (movedFrom !== undefined) return ` (moved from ${movedFrom})`;
  return kind === 'modified' ? '' : kind === 'created' ? ' (new)' : ' (deleted)';
}

function iconOf({ kind, movedFrom }: PendingFile): string {
  if (movedFrom !== undefined) return 'diff-renamed';
  switch (kind) {
    case 'created':
      return 'diff-added';
    case 'deleted':
      return 'diff-removed';
    case 'modified':
      return 'diff-modified';
  }
}
