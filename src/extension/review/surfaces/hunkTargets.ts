import { Uri, window, type TextEditor } from 'vscode';
import type { Hunk } from '../../../core/edits/review';
import type { PendingFile, PendingReviews } from '../pendingReviews';
import type { Baselines, ShownSide } from './baselines';
import { hunkAt, hunkAtBase, hunksIn, shownHunks } from './hunkPlaces';

/** What a command is about. */
export interface HunkTarget {
  readonly file: PendingFile;
  /** None: there are hunks in the file, but not there. */
  readonly hunks: readonly Hunk[];
}

/** Finds what a command is about: what was clicked, else what stands at the cursor. */
export class HunkTargets {
  readonly #pending: PendingReviews;
  readonly #baselines: Baselines;

  constructor(pending: PendingReviews, baselines: Baselines) {
    this.#pending = pending;
    this.#baselines = baselines;
  }

  /**
   * @param args of any caller: `[address, hunk]` from our own links, `[address, changes, index]` from the editor's inline
   * peek, `[{uri, lineNumber}]` from the margin, resource states, or what nobody can use: then the cursor counts.
   */
  hunks(args: readonly unknown[]): HunkTarget | undefined {
    const [first, second, third] = args;
    const clicked = this.#fileOf(first);
    if (!clicked) return this.atCursor();
    const hunks = shownHunks(clicked.review);
    if (typeof second === 'number') return { file: clicked, hunks: hunks.filter(({ id }) => id === second) };
    if (Array.isArray(second) && typeof third === 'number') {
      const lines = linesOf(second[third]);
      return { file: clicked, hunks: lines ? hunksIn(hunks, lines.from, lines.to) : [] };
    }
    const line = field(first, 'lineNumber');
    if (typeof line === 'number') return { file: clicked, hunks: only(hunkAt(hunks, line - 1)) };
    if (field(first, 'resourceUri') !== undefined) return { file: clicked, hunks };
    return this.atCursor() ?? { file: clicked, hunks: [] };
  }

  /** Whether the arguments name something pending, or come from our rows in the Source Control view. */
  wasClicked(args: readonly unknown[]): boolean {
    const [first] = args;
    const isOfView = Array.isArray(field(first, 'resourceStates')) || field(first, 'createResourceGroup') !== undefined;
    return isOfView || this.#fileOf(first) !== undefined;
  }

  /** The files that were clicked, of which several may be chosen; else that of the active editor. */
  files(args: readonly unknown[]): readonly PendingFile[] {
    const clicked = args.flatMap((arg) => this.#fileOf(arg) ?? []);
    const shown = clicked.length > 0 ? clicked : only(this.#shown(window.activeTextEditor)?.file);
    return [...new Map(shown.map((file) => [file.uri.toString(), file])).values()];
  }

  /** With a selection all hunks that have a part in it. */
  atCursor(editor: TextEditor | undefined = window.activeTextEditor): HunkTarget | undefined {
    const shown = this.#shown(editor);
    if (!editor || !shown) return undefined;
    const { file, side } = shown;
    const hunks = shownHunks(file.review);
    const { start, end, active, isEmpty } = editor.selection;
    if (side === 'base') return { file, hunks: only(hunkAtBase(hunks, active.line)) };
    if (side === 'empty') return { file, hunks };
    if (isEmpty) return { file, hunks: only(hunkAt(hunks, active.line)) };
    return { file, hunks: hunksIn(hunks, start.line, end.line + (end.character > 0 ? 1 : 0)) };
  }

  /** Where the cursor stands: the index of its file among the pending ones, and the line. */
  place(): { readonly index: number; readonly line: number } | undefined {
    const editor = window.activeTextEditor;
    const shown = this.#shown(editor);
    if (!editor || !shown) return undefined;
    const { line } = editor.selection.active;
    const onBase = shown.side === 'base' ? hunkAtBase(shownHunks(shown.file.review), line) : undefined;
    const file = shown.file.uri.toString();
    const index = this.#pending.files.findIndex(({ uri }) => uri.toString() === file);
    return { index, line: onBase?.nowStart ?? line };
  }

  #shown(editor: TextEditor | undefined): ShownSide | undefined {
    return editor && this.#baselines.find(editor.document.uri);
  }

  #fileOf(arg: unknown): PendingFile | undefined {
    const isAddress = typeof arg === 'string' || arg instanceof Uri;
    const address = isAddress ? arg : (field(arg, 'resourceUri') ?? field(arg, 'uri'));
    if (address instanceof Uri) return this.#baselines.find(address)?.file;
    return this.#pending.files.find(({ uri }) => uri.toString() === address);
  }
}

/** The changed side of the peek's change: lines from 1, an end of 0 for "nothing, behind `start`". */
function linesOf(change: unknown): { readonly from: number; readonly to: number } | undefined {
  const [start, end] = [field(change, 'modifiedStartLineNumber'), field(change, 'modifiedEndLineNumber')];
  if (typeof start !== 'number' || typeof end !== 'number') return undefined;
  return end === 0 ? { from: start, to: start } : { from: start - 1, to: end };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return found;
}

function only<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
