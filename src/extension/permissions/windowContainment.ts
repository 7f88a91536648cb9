import { SandboxError } from '../../core/errors';
import type { Containment } from '../../core/protocol/toolCalls';
import type { Sandbox } from '../../core/sandbox/sandbox';

/** What holds commands in this window, for the panel: known once an agent has its hands. */
export class WindowContainment {
  readonly #onChange: () => void;
  readonly #reportError: (what: string, error: unknown) => void;
  #value: Containment | undefined;
  #newest: Sandbox | undefined;

  constructor(onChange: () => void, reportError: (what: string, error: unknown) => void) {
    this.#onChange = onChange;
    this.#reportError = reportError;
  }

  get value(): Containment | undefined {
    return this.#value;
  }

  /** Finds out beside whatever else is done with the sandbox. The newest one says it for all: settings hold for it. */
  ask(sandbox: Sandbox): Sandbox {
    this.#newest = sandbox;
    this.#lookAt(sandbox);
    return sandbox;
  }

  /** To be called when what commands may do was set to something else. */
  settingsChanged(): void {
    if (this.#newest) this.#lookAt(this.#newest);
  }

  #lookAt(sandbox: Sandbox): void {
    sandbox.commands.containment().then(
      (containment) => {
        if (sandbox !== this.#newest) return;
        this.#value = containment;
        this.#onChange();
      },
      (error: unknown) => {
        // Closed in the meantime: there is nothing to be held, and what is known stays.
        if (error instanceof SandboxError && error.code === 'command_unavailable') return;
        this.#reportError('What holds commands could not be found out', error);
      },
    );
  }
}
