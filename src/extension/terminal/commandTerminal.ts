import * as vscode from 'vscode';
import type { AgentEvent } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { Disposable } from '../../core/util/disposables';
import { CommandTranscript } from './commandTranscript';

const greeting = 'The commands that Countersign runs, read-only. Stop them in the chat.\r\n';

/** A terminal of this window in which people can follow the commands. It exists once they ask for it; nothing typed in it does anything. */
export class CommandTerminal implements Disposable {
  readonly #transcript: CommandTranscript;
  readonly #written = new vscode.EventEmitter<string>();
  #terminal: vscode.Terminal | undefined;

  /** @param folder the name of the folder in which commands run */
  constructor(folder: () => string) {
    this.#transcript = new CommandTranscript(folder);
  }

  take(sessionId: AgentId, event: AgentEvent): void {
    this.#transcript.take(sessionId, event);
  }

  /** With what has happened before; the chat keeps the focus. */
  show(): Promise<void> {
    this.#terminal ??= vscode.window.createTerminal({ name: 'Countersign', isTransient: true, pty: this.#pty() });
    this.#terminal.show(true);
    return Promise.resolve();
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.#written.dispose();
  }

  #pty(): vscode.Pseudoterminal {
    return {
      onDidWrite: this.#written.event,
      open: () => {
        this.#written.fire(greeting + this.#transcript.history);
        this.#transcript.onText = (text) => this.#written.fire(text);
      },
      close: () => {
        this.#transcript.onText = () => undefined;
        this.#terminal = undefined;
      },
    };
  }
}
