import * as vscode from 'vscode';
import { chatViewId, proposalSchemes } from './contributions';
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
        const { actions } = await window.host();
        await run(actions).catch((error: unknown) => actions.report(`The command ${id} failed`, error));
      }),
    ),
  );
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

function hasProposalTabs(): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(
    ({ input }) => input instanceof vscode.TabInputTextDiff && proposalSchemes.includes(input.original.scheme),
  );
}
