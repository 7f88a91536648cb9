/** Names that package.json contributes and the code refers to. */
export const chatViewId = 'countersign.chat';

/** The file systems behind the diffs: the file as it is, and what it would become. */
export const proposalSchemes: readonly string[] = ['countersign-base', 'countersign-proposal'];

/** The file system of plans that wait for their answer. */
export const planScheme = 'countersign-plan';

/** Where `globalState` keeps the folder that the demo was copied to, until its window has opened. */
export const pendingDemoKey = 'pendingDemo';
