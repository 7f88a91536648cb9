import type * as vscode from 'vscode';
import { pendingDemoKey } from './contributions';

/** What this window remembers over a reload. */
export class WindowState {
  readonly #memento: vscode.Memento;
  readonly #allWindows: vscode.Memento;
  #lostSessions: boolean;
  /** Set once the open folder was looked at. */
  demoWorkspace = false;

  constructor(memento: vscode.Memento, allWindows: vscode.Memento) {
    this.#memento = memento;
    this.#allWindows = allWindows;
    this.#lostSessions = memento.get<boolean>('hadSessions') === true;
  }

  readonly demo = {
    get: (): boolean => this.#memento.get<boolean>('demoModel') === true,
    set: async (on: boolean): Promise<void> => this.#memento.update('demoModel', on),
  };

  /** The window that opens on this folder starts the demo by itself. */
  async startDemoIn(folder: string): Promise<void> {
    await this.#allWindows.update(pendingDemoKey, folder);
  }

  /** Whether the window had sessions before it was reloaded: they live in memory and are gone. */
  get lostSessions(): boolean {
    return this.#lostSessions;
  }

  /** A message was sent: from now on a reload loses something, and what was lost before has been said. */
  async sessionStarted(): Promise<void> {
    this.#lostSessions = false;
    await this.#memento.update('hadSessions', true);
  }
}
