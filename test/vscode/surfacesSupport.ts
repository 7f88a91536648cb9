import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { commands, Disposable, Selection, Uri, window, workspace, type TextEditor } from 'vscode';
import { Disposables } from '../../src/core/util/disposables';
import { makeSurfaces, type Surfaces } from '../../src/extension/review/surfaces/surfaces';
import { MemoryReviews } from './memoryReviews';

/** The extension under test has the names with its own prefix already. */
export const prefix = 'countersign-pending-test';

const names = [
  ...['acceptHunk', 'rejectHunk', 'rejectHunkWithReason', 'acceptFile', 'rejectFile', 'acceptTurn', 'rejectTurn'],
  ...['acceptAll', 'rejectAll', 'nextHunk', 'previousHunk', 'commentHunk', 'openPendingChanges', 'showAllPending'],
] as const;
export type Name =
  | ('acceptHunk' | 'rejectHunk' | 'rejectHunkWithReason' | 'acceptFile' | 'rejectFile' | 'acceptTurn' | 'rejectTurn')
  | ('acceptAll' | 'rejectAll' | 'nextHunk' | 'previousHunk' | 'commentHunk' | 'openPendingChanges' | 'showAllPending');

/** Pending files in a real folder, with all surfaces and their commands. */
export class PendingFixture {
  readonly folder: string;
  readonly reviews = new MemoryReviews();
  readonly problems: unknown[] = [];
  readonly told: (readonly [turn: string, text: string])[] = [];
  readonly surfaces: Surfaces;
  readonly #owned = new Disposables();
  #files = 0;

  constructor() {
    const parent = workspace.workspaceFolders?.[0]?.uri.fsPath ?? tmpdir();
    this.folder = realpathSync(mkdtempSync(path.join(parent, 'pending-')));
    this.#owned.add(this.reviews);
    this.surfaces = makeSurfaces(this.#owned, {
      ...{ pending: this.reviews, prefix, report: (problem) => this.problems.push(problem) },
      instruct: async (turn, text) => void this.told.push([turn, text]),
    });
    for (const name of names) {
      const run = (...args: unknown[]): Promise<void> => this.surfaces.hunks[name](...args);
      this.#owned.add(commands.registerCommand(`${prefix}.${name}`, run));
    }
  }

  /** A file with an edit that landed unseen, under a name that no other test has used. */
  async land(before: string | undefined, after: string | undefined, turn = 'msg-1', ending = '.txt'): Promise<Uri> {
    const uri = Uri.file(path.join(this.folder, `file${++this.#files}${ending}`));
    if (before !== undefined) writeFileSync(uri.fsPath, before);
    await this.reviews.land(uri, before, after, turn);
    return uri;
  }

  run(name: Name, ...args: readonly unknown[]): Thenable<unknown> {
    return commands.executeCommand(`${prefix}.${name}`, ...args);
  }

  /** Nothing is pending, open or unsaved any more. */
  async reset(): Promise<void> {
    this.reviews.clear();
    this.told.length = 0;
    for (const document of workspace.textDocuments.filter((open) => open.isDirty)) {
      await window.showTextDocument(document);
      await commands.executeCommand('workbench.action.files.revert');
    }
    await window.tabGroups.close(window.tabGroups.all.flatMap((group) => group.tabs));
    assert.deepEqual(this.problems, []);
  }

  dispose(): void {
    this.#owned.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An editor with the cursor in this line (0-based). */
export async function cursorAt(uri: Uri, line: number): Promise<TextEditor> {
  const editor = await window.showTextDocument(uri, { preview: false });
  editor.selection = new Selection(line, 0, line, 0);
  return editor;
}

/** Where the cursor of the active editor is. */
export function place(): string {
  const editor = window.activeTextEditor;
  return editor ? `${path.basename(editor.document.uri.path)}:${editor.selection.active.line}` : 'nowhere';
}

export const textOf = (uri: Uri): string => readFileSync(uri.fsPath, 'utf8');

interface Answers {
  /** To input boxes, in order. */
  readonly inputs?: readonly (string | undefined)[];
  /** To messages with buttons. */
  readonly buttons?: readonly (string | undefined)[];
}

/** Answers for the user while this lives, and hears what was asked and said. */
export function answering({ inputs = [], buttons = [] }: Answers = {}): {
  readonly said: readonly string[];
  [Symbol.dispose](): void;
} {
  const { showInputBox, showWarningMessage, showInformationMessage, setStatusBarMessage } = window;
  const said: string[] = [];
  const [texts, clicks] = [[...inputs], [...buttons]];
  const hear = (text: unknown): void => void said.push(String(text));
  Object.assign(window, {
    showInputBox: async (options: { title?: string; prompt?: string }) => {
      hear(`${options.title} ${options.prompt}`);
      return texts.shift();
    },
    showWarningMessage: async (text: string) => {
      hear(text);
      return clicks.shift();
    },
    showInformationMessage: async (text: string) => hear(text),
    setStatusBarMessage: (text: string) => {
      hear(text);
      return new Disposable(() => undefined);
    },
  });
  return {
    said,
    [Symbol.dispose]: () =>
      void Object.assign(window, { showInputBox, showWarningMessage, showInformationMessage, setStatusBarMessage }),
  };
}
