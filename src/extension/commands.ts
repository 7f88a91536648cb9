/** What the commands do. From a menu or a key they may get arguments or none: each works from the state alone. */
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
  showNext(): Promise<void>;
  showPrevious(): Promise<void>;
  showLog(): Promise<void>;
  openSettings(): Promise<void>;
  openFolder(): Promise<void>;
  manageTrust(): Promise<void>;
}

/** One row for each command in package.json (a test holds the two equal). */
export const commandTable: readonly (readonly [id: string, run: (handlers: CommandHandlers) => Promise<void>])[] = [
  ['countersign.openChat', (handlers) => handlers.openChat()],
  ['countersign.newSession', (handlers) => handlers.newSession()],
  ['countersign.stop', (handlers) => handlers.stop()],
  ['countersign.setApiKey', (handlers) => handlers.setApiKey()],
  ['countersign.chooseModel', (handlers) => handlers.chooseModel()],
  ['countersign.tryDemo', (handlers) => handlers.tryDemo()],
  ['countersign.askAboutSelection', (handlers) => handlers.askAboutSelection()],
  ['countersign.approve', (handlers) => handlers.approve()],
  ['countersign.reject', (handlers) => handlers.reject()],
  ['countersign.rejectWithReason', (handlers) => handlers.rejectWithReason()],
  ['countersign.showProposal', (handlers) => handlers.showProposal()],
  ['countersign.showNext', (handlers) => handlers.showNext()],
  ['countersign.showPrevious', (handlers) => handlers.showPrevious()],
  ['countersign.showLog', (handlers) => handlers.showLog()],
  ['countersign.openSettings', (handlers) => handlers.openSettings()],
  ['countersign.openFolder', (handlers) => handlers.openFolder()],
  ['countersign.manageTrust', (handlers) => handlers.manageTrust()],
];
