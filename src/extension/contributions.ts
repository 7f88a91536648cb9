/** Names that package.json contributes and the code refers to. */
export const chatViewId = 'countersign.chat';

/** The file systems behind the diffs: the file as it is, and what it would become. */
export const proposalSchemes: readonly string[] = ['countersign-base', 'countersign-proposal'];
