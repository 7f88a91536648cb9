import * as vscode from 'vscode';

/** What the commands do; the composition root brings it. */
export interface CommandHandlers {
  openChat(): Promise<void>;
  newSession(): Promise<void>;
  stop(): Promise<void>;
  setApiKey(): Promise<void>;
  chooseModel(): Promise<void>;
  tryDemo(): Promise<void>;
  askAboutSelection(): Promise<void>;
  approve(): Promise<void>;
  reject(): Promise<void>;
  rejectWithReason(): Promise<void>;
  showProposal(): Promise<void>;
  showLog(): Promise<void>;
  openSettings(): Promise<void>;
  openFolder(): Promise<void>;
  manageTrust(): Promise<void>;
}

/** The command table: one row for each command in package.json (a test holds the two equal). */
export function commandTable(handlers: CommandHandlers): ReadonlyMap<string, () => Promise<void>> {
  return new Map([
    ['countersign.openChat', () => handlers.openChat()],
    ['countersign.newSession', () => handlers.newSession()],
    ['countersign.stop', () => handlers.stop()],
    ['countersign.setApiKey', () => handlers.setApiKey()],
    ['countersign.chooseModel', () => handlers.chooseModel()],
    ['countersign.tryDemo', () => handlers.tryDemo()],
    ['countersign.askAboutSelection', () => handlers.askAboutSelection()],
    ['countersign.approve', () => handlers.approve()],
    ['countersign.reject', () => handlers.reject()],
    ['countersign.rejectWithReason', () => handlers.rejectWithReason()],
    ['countersign.showProposal', () => handlers.showProposal()],
    ['countersign.showLog', () => handlers.showLog()],
    ['countersign.openSettings', () => handlers.openSettings()],
    ['countersign.openFolder', () => handlers.openFolder()],
    ['countersign.manageTrust', () => handlers.manageTrust()],
  ]);
}

/** Registers the table. A command that fails says so and never throws into the editor. */
export function registerCommands(
  table: ReadonlyMap<string, () => Promise<void>>,
  onError: (commandId: string, error: unknown) => void,
): vscode.Disposable {
  const registered = [...table].map(([id, run]) =>
    // Called from a menu or a key they may get arguments or none: each works from the state alone.
    vscode.commands.registerCommand(id, async () => {
      try {
        await run();
      } catch (error) {
        onError(id, error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
