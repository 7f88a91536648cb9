import type * as vscode from 'vscode';
import { pendingDemoKey } from './contributions';

/** What this window remembers over a reload. */
export class WindowState {
  readonly #memento: vscode.Memento;
  readonly #allWindows: vscode.Memento;
  /** Set once the open folder was looked at. */
  demoWorkspace = false;

  constructor(memento: vscode.Memento, allWindows: vscode.Memento) {
    this.#memento = memento;
    this.#allWindows = allWindows;
  }

  readonly demo = {
    get: (): boolean => this.#memento.get<boolean>('demoModel') === true,
    set: async (on: boolean): Promise<void> => this.#memento.update('demoModel', on),
  };

  /** The window that opens on this folder starts the demo by itself. */
  async startDemoIn(folder: string): Promise<void> {
    await this.#allWindows.update(pendingDemoKey, folder);
  }

  /** The session that the panel shows, if it is stored: it is shown again after a reload. */
  readonly shownSession = {
    get: (): string | undefined => this.#memento.get<string>('shownSession'),
    set: async (sessionId: string | undefined): Promise<void> => this.#memento.update('shownSession', sessionId),
  };
}
