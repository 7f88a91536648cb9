import {
  ColorThemeKind,
  OverviewRulerLane,
  Range,
  ThemeColor,
  Uri,
  window,
  workspace,
  type DecorationRenderOptions,
  type Disposable,
  type TextEditor,
  type TextEditorDecorationType,
} from 'vscode';
import { Disposables } from '../../../core/util/disposables';
import { quietTimer } from '../../../core/util/quietTimer';
import type { PendingReviews } from '../pendingReviews';
import { hunkMarks, type HunkMarks, type LineSpan } from './hunkMarks';
import { shownHunks } from './hunkPlaces';

/** Typing and the ledger's answer to it come close together and are drawn once. */
const drawAfterMs = 20;

type Kind = keyof HunkMarks;

/** Draws the pending hunks into the editors that show their files; not into comparisons, which have colours of their own. */
export class HunkDecorations implements Disposable {
  readonly #pending: PendingReviews;
  readonly #owned = new Disposables();
  #types: ReadonlyMap<Kind, TextEditorDecorationType>;
  /** Editors that have something drawn in them. */
  readonly #drawn = new WeakSet<TextEditor>();
  #cancel: () => void = () => undefined;

  constructor(pending: PendingReviews) {
    this.#pending = pending;
    this.#types = makeTypes();
    this.#owned.add(pending.onDidChange(() => this.#soon()));
    this.#owned.add(window.onDidChangeVisibleTextEditors(() => this.#draw()));
    this.#owned.add(window.onDidChangeTextEditorViewColumn(() => this.#soon()));
    this.#owned.add(workspace.onDidChangeTextDocument(({ document }) => pending.file(document.uri) && this.#soon()));
    this.#owned.add(window.onDidChangeActiveColorTheme(() => this.#repaint()));
    this.#draw();
  }

  dispose(): void {
    this.#cancel();
    this.#owned.dispose();
    for (const type of this.#types.values()) type.dispose();
  }

  #soon(): void {
    this.#cancel();
    this.#cancel = quietTimer(() => this.#draw(), drawAfterMs);
  }

  #draw(): void {
    for (const editor of window.visibleTextEditors) this.#drawInto(editor);
  }

  #drawInto(editor: TextEditor): void {
    const { document } = editor;
    // Comparisons and peeks have no column.
    const file = editor.viewColumn === undefined ? undefined : this.#pending.file(document.uri);
    if (!file && !this.#drawn.has(editor)) return;
    if (file) this.#drawn.add(editor);
    else this.#drawn.delete(editor);
    const marks = hunkMarks(file ? shownHunks(file.review) : [], document.lineCount);
    for (const [kind, type] of this.#types) editor.setDecorations(type, marks[kind].map(rangeOf));
  }

  #repaint(): void {
    for (const type of this.#types.values()) type.dispose();
    this.#types = makeTypes();
    this.#draw();
  }
}

function rangeOf(lines: LineSpan | number): Range {
  return typeof lines === 'number' ? new Range(lines, 0, lines, 0) : new Range(lines.from, 0, lines.to, 0);
}

function makeTypes(): ReadonlyMap<Kind, TextEditorDecorationType> {
  const kinds: readonly Kind[] = ['added', 'changed', 'deletedAbove', 'deletedBelow', 'heads'];
  return new Map(kinds.map((kind) => [kind, window.createTextEditorDecorationType(lookOf(kind))]));
}

function lookOf(kind: Kind): DecorationRenderOptions {
  switch (kind) {
    case 'added':
      return { ...lines('editorGutter.addedBackground'), ...ruler('editorOverviewRuler.addedForeground') };
    case 'changed':
      return { ...lines('editorGutter.modifiedBackground'), ...ruler('editorOverviewRuler.modifiedForeground') };
    case 'deletedAbove':
      return edge('2px 0 0 0');
    case 'deletedBelow':
      return edge('0 0 2px 0');
    case 'heads':
      return {
        gutterIconPath: gutterIcon('#6f4f00'),
        gutterIconSize: 'contain',
        dark: { gutterIconPath: gutterIcon('#e2b93d') },
      };
  }
}

/** A bar at the left, which all themes have, and the colour of inserted lines, which high contrast themes have not: their bar is wider and in the colour of their diffs. */
function lines(bar: string): DecorationRenderOptions {
  const { kind } = window.activeColorTheme;
  const isHighContrast = kind === ColorThemeKind.HighContrast || kind === ColorThemeKind.HighContrastLight;
  return {
    isWholeLine: true,
    backgroundColor: new ThemeColor('diffEditor.insertedLineBackground'),
    borderStyle: 'solid',
    borderWidth: isHighContrast ? '0 0 0 5px' : '0 0 0 3px',
    borderColor: new ThemeColor(isHighContrast ? 'diffEditor.insertedTextBorder' : bar),
  };
}

function edge(borderWidth: string): DecorationRenderOptions {
  return {
    ...{ isWholeLine: true, borderStyle: 'dashed', borderWidth },
    borderColor: new ThemeColor('editorGutter.deletedBackground'),
    ...ruler('editorOverviewRuler.deletedForeground'),
  };
}

function ruler(color: string): DecorationRenderOptions {
  return { overviewRulerColor: new ThemeColor(color), overviewRulerLane: OverviewRulerLane.Left };
}

/** A pen's nib over a line, where breakpoints are. */
function gutterIcon(color: string): Uri {
  const path = 'M11.5 1.5 14.5 4.5 6.5 12.5 3 13 3.5 9.5Z';
  const line = 'M2 15h12';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${color}" stroke-width="1.4"><path d="${path}"/><path d="${line}"/></svg>`;
  return Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}
