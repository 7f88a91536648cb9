import {
  commands,
  Range,
  TabInputText,
  TabInputTextDiff,
  ViewColumn,
  window,
  workspace,
  type Tab,
  type Uri,
} from 'vscode';
import { showsAllUnder } from './multiFileTabs';
import type { ProposalFile, ProposalFiles } from './proposalFiles';
import { titleOf } from './proposalWords';

/** Our side of a tab: the right one of a diff, or the file itself where the user has opened one side alone. */
export function proposalUriOf(tab: Tab | undefined, files: ProposalFiles): Uri | undefined {
  const input = tab?.input;
  if (input instanceof TabInputTextDiff) return [input.modified, input.original].find((uri) => files.owns(uri));
  return input instanceof TabInputText && files.owns(input.uri) ? input.uri : undefined;
}

export function allTabs(): readonly Tab[] {
  return window.tabGroups.all.flatMap((group) => group.tabs);
}

export function diffTabOf(file: ProposalFile): Tab | undefined {
  const right = file.right.toString();
  return allTabs().find((tab) => tab.input instanceof TabInputTextDiff && tab.input.modified.toString() === right);
}

/** Opens the diff where the user sees that it is there, but neither the focus nor the visible editor changes. */
export async function openInBackground(file: ProposalFile): Promise<void> {
  if (diffTabOf(file)) return;
  const before = window.tabGroups.activeTabGroup.activeTab;
  // `background` works but is not in the types (VS Code 1.139): whether it did is checked afterwards.
  await openDiff(file, { preview: false, preserveFocus: true, background: true });
  const tab = diffTabOf(file);
  if (!before || !tab?.isActive || tab.group !== window.tabGroups.activeTabGroup) return;
  await window.tabGroups.close(tab, true);
  await openBeside(file);
}

/** For hosts that know no background: a group of its own leaves the user's editor visible. */
export async function openBeside(file: ProposalFile): Promise<void> {
  await openDiff(file, { preview: false, preserveFocus: true, viewColumn: ViewColumn.Beside });
}

/** Brings the diff to the front, with the focus; opens it again when the user has closed it. @param line 0-based, where the cursor goes */
export async function reveal(file: ProposalFile, line?: number): Promise<void> {
  const column = diffTabOf(file)?.group.viewColumn;
  await openDiff(file, {
    preview: false,
    preserveFocus: false,
    ...(column === undefined ? {} : { viewColumn: column }),
    ...(line === undefined ? {} : { selection: new Range(line, 0, line, 0) }),
  });
}

const allTitle = 'Proposed Changes';

/** All files in one view, which comes to the front. */
export async function showAll(files: readonly ProposalFile[]): Promise<void> {
  const rows = files.map(({ left, right }) => [right, left, right]);
  await commands.executeCommand('vscode.changes', allTitle, rows);
}

/** Whether a tab shows all files. */
export function showsAll(tab: Tab): boolean {
  return showsAllUnder(allTitle, tab);
}

/**
 * Closes tabs without a question and without moving the focus: what is unsaved on a right side is saved into memory first.
 * @throws Error, after closing the rest, for a tab that would ask because its text could not be saved.
 */
export async function closeTabs(tabs: readonly Tab[], files: ProposalFiles): Promise<void> {
  const uriOf = (tab: Tab): string | undefined => proposalUriOf(tab, files)?.toString();
  const uris = new Set(tabs.map(uriOf));
  const unsaved = new Set<string | undefined>();
  for (const document of workspace.textDocuments) {
    const uri = document.uri.toString();
    const isShown = uris.has(uri) || (tabs.some(showsAll) && document.uri.scheme === files.proposalScheme);
    if (document.isDirty && isShown && !(await document.save())) unsaved.add(uri);
  }
  const closable = tabs.filter((tab) => !unsaved.has(uriOf(tab)) && !(unsaved.size > 0 && showsAll(tab)));
  if (closable.length > 0) await window.tabGroups.close(closable, true);
  if (unsaved.size > 0) throw new Error(`Tabs stay open, their text could not be saved: ${[...unsaved].join(', ')}`);
}

/**
 * Closes tabs that no proposal stands behind any more. After a reload of the window the editor brings their unsaved text
 * back, which no document stands for before somebody opens it; saved into an adopted file it closes without a question.
 */
export async function closeOrphans(tabs: readonly Tab[], files: ProposalFiles): Promise<void> {
  const uris = new Map(
    tabs
      .flatMap((tab) => proposalUriOf(tab, files) ?? [])
      .filter((uri) => uri.scheme === files.proposalScheme)
      .map((uri) => [uri.toString(), uri]),
  );
  const adopted = [...uris.values()].map((uri) => files.adopt(uri));
  try {
    for (const uri of uris.values()) await workspace.openTextDocument(uri);
    await closeTabs(tabs, files);
  } finally {
    for (const file of adopted) file.dispose();
  }
}

async function openDiff(
  file: ProposalFile,
  options: Readonly<Record<string, boolean | ViewColumn | Range>>,
): Promise<void> {
  await commands.executeCommand('vscode.diff', file.left, file.right, titleOf(file), options);
}
