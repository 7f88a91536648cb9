import { TabInputText, type Tab, type Uri, window } from 'vscode';

/** The plain editor tabs of a file, in all groups. */
export function tabsOf(uri: Uri): readonly Tab[] {
  const wanted = uri.toString();
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof TabInputText && input.uri.toString() === wanted);
}

/**
 * Closes what VS Code has opened of a file by itself: a document that is unsaved for a moment too long, on a busy machine, pops
 * up as a tab. A tab that was there before, that the user is in, or that holds unsaved text stays.
 */
export async function closeStrayTabs(uri: Uri, before: readonly Tab[]): Promise<void> {
  if (before.length > 0) return;
  const stray = tabsOf(uri).filter((tab) => !tab.isActive && !tab.isDirty);
  if (stray.length > 0) await window.tabGroups.close(stray, true);
}
