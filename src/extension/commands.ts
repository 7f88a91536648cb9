import type { HunkActions } from './review/hunkActions';

/** What the commands do. From a menu or a key they may get arguments or none: each works from the state alone. */
export interface CommandHandlers {
  openChat(): Promise<void>;
  stop(): Promise<void>;
  setBudget(): Promise<void>;
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

/** What the commands do to whole sessions. */
export interface SessionCommandHandlers {
  newSession(): Promise<void>;
  renameSession(): Promise<void>;
  restoreSession(): Promise<void>;
  exportSession(): Promise<void>;
  importSession(): Promise<void>;
  salvageSession(): Promise<void>;
  compactConversation(): Promise<void>;
}

/** What the commands do with models and keys. */
export interface ModelCommandHandlers {
  setApiKey(): Promise<void>;
  chooseModel(): Promise<void>;
}

/** What the commands do with the mode of the shown session. */
export interface ModeCommandHandlers {
  chooseMode(): Promise<void>;
  switchMode(): Promise<void>;
}

/** Where the commands end. */
export interface CommandTarget {
  readonly actions: CommandHandlers;
  readonly sessionActions: SessionCommandHandlers;
  readonly modelActions: ModelCommandHandlers;
  readonly modeActions: ModeCommandHandlers;
  readonly ruleActions: { showRules(): Promise<void> };
  readonly checkpointActions: { restoreCheckpoint(): Promise<void>; undoRestore(): Promise<void> };
  readonly terminal: { show(): Promise<void> };
  readonly hunkActions: Pick<HunkActions, keyof HunkActions>;
}

/** `args`: what a menu or a link gives along. They are anybody's. */
export type CommandRun = (target: CommandTarget, args: readonly unknown[]) => Promise<void>;

/** One row for each command in package.json (a test holds the two equal). */
export const commandTable: readonly (readonly [id: string, run: CommandRun])[] = [
  ['countersign.openChat', ({ actions }) => actions.openChat()],
  ['countersign.newSession', ({ sessionActions }) => sessionActions.newSession()],
  ['countersign.renameSession', ({ sessionActions }) => sessionActions.renameSession()],
  ['countersign.restoreSession', ({ sessionActions }) => sessionActions.restoreSession()],
  ['countersign.exportSession', ({ sessionActions }) => sessionActions.exportSession()],
  ['countersign.importSession', ({ sessionActions }) => sessionActions.importSession()],
  ['countersign.salvageSession', ({ sessionActions }) => sessionActions.salvageSession()],
  ['countersign.stop', ({ actions }) => actions.stop()],
  ['countersign.setApiKey', ({ modelActions }) => modelActions.setApiKey()],
  ['countersign.chooseModel', ({ modelActions }) => modelActions.chooseModel()],
  ['countersign.chooseMode', ({ modeActions }) => modeActions.chooseMode()],
  ['countersign.switchMode', ({ modeActions }) => modeActions.switchMode()],
  ['countersign.showRules', ({ ruleActions }) => ruleActions.showRules()],
  ['countersign.setBudget', ({ actions }) => actions.setBudget()],
  ['countersign.compactConversation', ({ sessionActions }) => sessionActions.compactConversation()],
  ['countersign.restoreCheckpoint', ({ checkpointActions }) => checkpointActions.restoreCheckpoint()],
  ['countersign.undoRestore', ({ checkpointActions }) => checkpointActions.undoRestore()],
  ['countersign.tryDemo', ({ actions }) => actions.tryDemo()],
  ['countersign.askAboutSelection', ({ actions }) => actions.askAboutSelection()],
  ['countersign.approve', ({ actions }) => actions.approve()],
  ['countersign.reject', ({ actions }) => actions.reject()],
  ['countersign.rejectWithReason', ({ actions }) => actions.rejectWithReason()],
  ['countersign.showProposal', ({ actions }) => actions.showProposal()],
  ['countersign.showNext', ({ actions }) => actions.showNext()],
  ['countersign.showPrevious', ({ actions }) => actions.showPrevious()],
  ['countersign.acceptHunk', ({ hunkActions }, args) => hunkActions.acceptHunk(...args)],
  ['countersign.rejectHunk', ({ hunkActions }, args) => hunkActions.rejectHunk(...args)],
  ['countersign.rejectHunkWithReason', ({ hunkActions }, args) => hunkActions.rejectHunkWithReason(...args)],
  ['countersign.acceptFile', ({ hunkActions }, args) => hunkActions.acceptFile(...args)],
  ['countersign.rejectFile', ({ hunkActions }, args) => hunkActions.rejectFile(...args)],
  ['countersign.acceptTurn', ({ hunkActions }, args) => hunkActions.acceptTurn(...args)],
  ['countersign.rejectTurn', ({ hunkActions }, args) => hunkActions.rejectTurn(...args)],
  ['countersign.acceptAll', ({ hunkActions }, args) => hunkActions.acceptAll(...args)],
  ['countersign.rejectAll', ({ hunkActions }, args) => hunkActions.rejectAll(...args)],
  ['countersign.nextHunk', ({ hunkActions }, args) => hunkActions.nextHunk(...args)],
  ['countersign.previousHunk', ({ hunkActions }, args) => hunkActions.previousHunk(...args)],
  ['countersign.showAllProposed', ({ hunkActions }) => hunkActions.showAllProposed()],
  ['countersign.commentHunk', ({ hunkActions }, args) => hunkActions.commentHunk(...args)],
  ['countersign.openPendingChanges', ({ hunkActions }, args) => hunkActions.openPendingChanges(...args)],
  ['countersign.showAllPending', ({ hunkActions }) => hunkActions.showAllPending()],
  ['countersign.showTerminal', ({ terminal }) => terminal.show()],
  ['countersign.showLog', ({ actions }) => actions.showLog()],
  ['countersign.openSettings', ({ actions }) => actions.openSettings()],
  ['countersign.openFolder', ({ actions }) => actions.openFolder()],
  ['countersign.manageTrust', ({ actions }) => actions.manageTrust()],
];
