import { TabInputText, TabInputTextDiff, type Tab } from 'vscode';

/**
 * Whether a tab is the view of several files that `vscode.changes` opened under this title. The stable API has no name for such
 * a tab: its input is an object of no known kind (VS Code 1.139), and its label the title with the number of files.
 */
export function showsAllUnder(title: string, { input, label }: Tab): boolean {
  const isOther = input instanceof TabInputText || input instanceof TabInputTextDiff;
  return !isOther && label.startsWith(`${title} (`);
}
