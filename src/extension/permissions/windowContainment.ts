import type { Containment } from '../../core/protocol/toolCalls';
import type { Sandbox } from '../../core/sandbox/sandbox';

/** What holds commands in this window, for the panel: known once an agent has its hands. */
export class WindowContainment {
  readonly #onChange: () => void;
  readonly #reportError: (what: string, error: unknown) => void;
  #value: Containment | undefined;
  #asked = false;

  constructor(onChange: () => void, reportError: (what: string, error: unknown) => void) {
    this.#onChange = onChange;
    this.#reportError = reportError;
  }

  get value(): Containment | undefined {
    return this.#value;
  }

  /** Finds out beside whatever else is done with the sandbox. */
  ask(sandbox: Sandbox): Sandbox {
    // One says it for all: they are made alike, and finding out takes a moment.
    if (this.#asked) return sandbox;
    this.#asked = true;
    void sandbox.commands.containment().then(
      (containment) => {
        this.#value = containment;
        this.#onChange();
      },
      (error: unknown) => this.#reportError('What holds commands could not be found out', error),
    );
    return sandbox;
  }
}
