import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { workspace } from 'vscode';

/** Of the documents in it: one for each file. */
export const recordEnding = '.json';

/** Where it is kept what landed in this workspace and waits. @param workspaceKey what tells it from others */
export function pendingFolder(storageDir: string, workspaceKey = keyOfFolders()): string {
  const name = createHash('sha256').update(workspaceKey).digest('hex').slice(0, 32);
  return path.join(storageDir, 'v1', 'pending', name);
}

function keyOfFolders(): string {
  const { workspaceFile, workspaceFolders = [] } = workspace;
  return workspaceFile?.toString() ?? workspaceFolders.map(({ uri }) => uri.toString()).join('\n');
}
