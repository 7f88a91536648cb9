import * as vscode from 'vscode';
import type { AgentEvent } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { Disposable } from '../../core/util/disposables';
import { CommandTranscript } from './commandTranscript';

const greeting = 'The commands that Countersign runs, read-only. Stop them in the chat.\r\n';

/** A terminal of this window in which people can follow the commands. It exists once they ask for it; nothing typed in it does anything. */
export class CommandTerminal implements Disposable {
  readonly #transcript: CommandTranscript;
  #terminal: vscode.Terminal | undefined;
  #screen: vscode.EventEmitter<string> | undefined;

  /** @param folder the name of the folder in which commands run */
  constructor(folder: () => string) {
    this.#transcript = new CommandTranscript(folder);
    this.#transcript.onText = (text) => this.#screen?.fire(text);
  }

  take(sessionId: AgentId, event: AgentEvent): void {
    this.#transcript.take(sessionId, event);
  }

  /** With what has happened before; the focus stays where it is. */
  show(): Promise<void> {
    // A terminal that the user has closed has ended.
    if (!this.#terminal || this.#terminal.exitStatus) this.#terminal = this.#open();
    this.#terminal.show(true);
    return Promise.resolve();
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.#screen?.dispose();
  }

  #open(): vscode.Terminal {
    const screen = new vscode.EventEmitter<string>();
    const pty: vscode.Pseudoterminal = {
      onDidWrite: screen.event,
      open: () => {
        screen.fire(greeting + this.#transcript.history);
        this.#screen = screen;
      },
      close: () => {
        // The next terminal may be open already.
        if (this.#screen === screen) this.#screen = undefined;
        screen.dispose();
      },
    };
    return vscode.window.createTerminal({ name: 'Countersign', isTransient: true, pty });
  }
}
