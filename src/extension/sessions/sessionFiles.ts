import * as vscode from 'vscode';
import type { AgentId } from '../../core/protocol/ids';

export interface SessionFilesPorts {
  /** The session as one file. */
  readonly exportSession: (sessionId: AgentId, file: string) => Promise<void>;
  /** Takes a session over from such a file, under a new id where its own is taken. */
  readonly importSession: (file: string) => Promise<AgentId>;
  /** Makes a new session of what can still be read of a damaged one. */
  readonly salvageSession: (sessionId: AgentId) => Promise<AgentId>;
}

const filters = { 'Countersign session': ['countersign-session'] };

/** Sessions as files that the user chooses. */
export class SessionFiles {
  readonly #ports: SessionFilesPorts;

  constructor(ports: SessionFilesPorts) {
    this.#ports = ports;
  }

  async export(sessionId: AgentId, title: string): Promise<void> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const name = `${fileName(title)}.countersign-session`;
    const target = await vscode.window.showSaveDialog({
      title: 'Export the session',
      filters,
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
    });
    if (!target) return;
    await this.#ports.exportSession(sessionId, target.fsPath);
    void vscode.window.showInformationMessage(`The session was written to ${target.fsPath}.`);
  }

  /** The imported session; undefined when the user chose no file. */
  async import(): Promise<AgentId | undefined> {
    const [file] = (await vscode.window.showOpenDialog({ title: 'Import a session', filters })) ?? [];
    return file && this.#ports.importSession(file.fsPath);
  }

  async salvage(sessionId: AgentId): Promise<AgentId> {
    return this.#ports.salvageSession(sessionId);
  }
}

/** What a file system takes, from whatever a session is called. */
function fileName(title: string): string {
  const name = title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? 'session' : name;
}
