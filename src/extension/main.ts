import * as vscode from 'vscode';
import { chatViewId, diffSchemes, hasPendingKey, pendingDemoKey, planScheme } from './contributions';
import { commandTable } from './commands';
import type { Host } from './host';
import { lazy, type Lazy } from './lazy';
import { StatusBar } from './statusBar';

/** The hosts of this process's windows, each loaded with the whole runtime when it is first needed. */
const windows: Lazy<Host>[] = [];

/** Called by VS Code when it has started. Reads no disk, starts no process and loads no runtime: that waits for the first use. */
export function activate(context: vscode.ExtensionContext): void {
  const status = new StatusBar();
  const window = lazy(async () => (await import('./host')).createHost(context, status));
  windows.push(window);
  const unfilled = new Set<vscode.WebviewView>();
  // The editor asks once for a view: one that a failing host could not fill is filled at the next use.
  const filledHost = async (): Promise<Host> => {
    const host = await window.get();
    for (const view of unfilled) host.showChat(view);
    unfilled.clear();
    return host;
  };
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: async (view) => {
      unfilled.add(view);
      view.onDidDispose(() => unfilled.delete(view));
      await filledHost();
    },
  };
  context.subscriptions.push(
    status,
    vscode.window.registerWebviewViewProvider(chatViewId, provider),
    ...commandTable.map(([id, run]) =>
      vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
        const host = await filledHost();
        await run(host, args).catch((error: unknown) => host.actions.report(`The command ${id} failed`, error));
      }),
    ),
  );
  if (isNewDemoWindow(context)) void vscode.commands.executeCommand('countersign.tryDemo');
  // Diffs that an earlier window left behind: the host closes them, or has the texts that they compare; plans are filled. One that cannot be loaded says so at the next use.
  if (hasOwnTabs()) window.get().catch(() => undefined);
  // Edits that wait to be reviewed are drawn as soon as their files are looked at.
  if (context.workspaceState.get(hasPendingKey) === true) window.get().catch(() => undefined);
}

/** VS Code gives this about five seconds; nothing that must be kept depends on it. */
export async function deactivate(): Promise<void> {
  const loaded = windows.splice(0).flatMap(({ made }) => made ?? []);
  await Promise.all(loaded.map(async (host) => (await host).close()));
}

/** "Try the Demo" in another window has copied the sample and opened it here. Asked once. */
function isNewDemoWindow({ globalState }: vscode.ExtensionContext): boolean {
  const folder = globalState.get<string>(pendingDemoKey);
  const isHere = vscode.workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === folder) === true;
  if (isHere) void globalState.update(pendingDemoKey, undefined);
  return isHere;
}

function hasOwnTabs(): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(
    ({ input }) =>
      (input instanceof vscode.TabInputTextDiff && diffSchemes.includes(input.original.scheme)) ||
      (input instanceof vscode.TabInputText && input.uri.scheme === planScheme),
  );
}
