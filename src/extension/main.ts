import * as vscode from 'vscode';
import { chatViewId, pendingDemoKey, proposalSchemes } from './contributions';
import { commandTable } from './commands';
import type { Host } from './host';
import { StatusBar } from './statusBar';

/** The window's host, loaded with the whole runtime when it is first needed. */
interface Window {
  readonly host: () => Promise<Host>;
  readonly isLoaded: () => boolean;
}
const windows: Window[] = [];

/** Called by VS Code when it has started. Reads no disk, starts no process and loads no runtime: that waits for the first use. */
export function activate(context: vscode.ExtensionContext): void {
  const status = new StatusBar();
  const window = lazyHost(context, status);
  windows.push(window);
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: async (view) => (await window.host()).showChat(view),
  };
  context.subscriptions.push(
    status,
    vscode.window.registerWebviewViewProvider(chatViewId, provider),
    ...commandTable.map(([id, run]) =>
      vscode.commands.registerCommand(id, async () => {
        const host = await window.host();
        await run(host).catch((error: unknown) => host.actions.report(`The command ${id} failed`, error));
      }),
    ),
  );
  if (isNewDemoWindow(context)) void vscode.commands.executeCommand('countersign.tryDemo');
  if (hasProposalTabs()) void window.host(); // Diffs that an earlier window left behind: the host closes them.
}

/** VS Code gives this about five seconds; nothing that must be kept depends on it. */
export async function deactivate(): Promise<void> {
  const loaded = windows.splice(0).filter((window) => window.isLoaded());
  await Promise.all(loaded.map(async (window) => (await window.host()).close()));
}

function lazyHost(context: vscode.ExtensionContext, status: StatusBar): Window {
  const loading: Promise<Host>[] = [];
  return {
    host: () => {
      if (loading.length === 0) loading.push(import('./host').then(({ createHost }) => createHost(context, status)));
      return loading[0] ?? Promise.reject(new Error('The host could not be loaded.'));
    },
    isLoaded: () => loading.length > 0,
  };
}

/** "Try the Demo" in another window has copied the sample and opened it here. Asked once. */
function isNewDemoWindow({ globalState }: vscode.ExtensionContext): boolean {
  const folder = globalState.get<string>(pendingDemoKey);
  const isHere = vscode.workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === folder) === true;
  if (isHere) void globalState.update(pendingDemoKey, undefined);
  return isHere;
}

function hasProposalTabs(): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(
    ({ input }) => input instanceof vscode.TabInputTextDiff && proposalSchemes.includes(input.original.scheme),
  );
}
