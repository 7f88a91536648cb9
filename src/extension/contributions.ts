/** Names that package.json contributes and the code refers to. */
export const chatViewId = 'countersign.chat';

/** The file systems behind the diffs: the file as it is, what it would become, and what pending changes are compared with. */
export const diffSchemes: readonly string[] = ['countersign-base', 'countersign-proposal', 'countersign-pending'];

/** The file system of plans that wait for their answer. */
export const planScheme = 'countersign-plan';

/** Where `workspaceState` says that edits wait to be reviewed. */
export const hasPendingKey = 'hasPending';

/** Where `globalState` keeps the folder that the demo was copied to, until its window has opened. */
export const pendingDemoKey = 'pendingDemo';
