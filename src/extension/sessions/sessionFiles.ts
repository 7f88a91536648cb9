import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { AgentId } from '../../core/protocol/ids';
import { exportSession } from '../../core/store/exportSession';
import { importSession } from '../../core/store/importSession';
import type { SessionStore } from '../../core/store/store';
import { fileName } from '../fileName';

const filters = { 'Countersign session': ['countersign-session'] };

/** Sessions as files that the user chooses. */
export class SessionFiles {
  readonly #store: SessionStore;

  constructor(store: SessionStore) {
    this.#store = store;
  }

  async export(sessionId: AgentId, title: string): Promise<void> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const name = `${fileName(title, 'session')}.countersign-session`;
    const target = await vscode.window.showSaveDialog({
      title: 'Export the session',
      filters,
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
    });
    if (!target) return;
    await writeFile(target.fsPath, exportSession(this.#store, sessionId));
    void vscode.window.showInformationMessage(`The session was written to ${target.fsPath}.`);
  }

  /** The imported session; undefined when the user chose no file. */
  async import(): Promise<AgentId | undefined> {
    const [file] = (await vscode.window.showOpenDialog({ title: 'Import a session', filters })) ?? [];
    if (!file) return undefined;
    const { agentId } = await importSession(this.#store, createReadStream(file.fsPath, 'utf8'));
    return agentId;
  }
}
