/** Names that package.json contributes and the code refers to. */
export const chatViewId = 'countersign.chat';

/** The file systems behind the diffs: the file as it is, what it would become, and what pending changes are compared with. */
export const diffSchemes: readonly string[] = ['countersign-base', 'countersign-proposal', 'countersign-pending'];

/** Where `globalState` keeps the folder that the demo was copied to, until its window has opened. */
export const pendingDemoKey = 'pendingDemo';
