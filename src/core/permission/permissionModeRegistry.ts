import { PermissionError } from '../errors';
import type { HookCall } from '../hooks/hooks';
import { permissionModes as builtInModes } from '../protocol/modes';
import type { Effect } from '../tools/tool';

/** The call that a mode of the embedder's own judges. */
export interface ModeQuestion {
  readonly toolName: string;
  /** What running the call would do to the world. */
  readonly effect: Effect;
  /** With arguments that were checked; a copy. */
  readonly call: HookCall;
}

/** Says whether a call runs unasked. Floors and lists hold whatever it says; when it throws, the call is denied. */
export type PermissionModeHandler = (
  question: ModeQuestion,
) => 'allow' | 'ask' | 'deny' | Promise<'allow' | 'ask' | 'deny'>;

/** What a handler has said, and why, for people. */
export interface ModeAnswer {
  readonly answer: 'allow' | 'ask' | 'deny';
  readonly reason: string;
}

/** Modes of the embedder by name: `PermissionConfig.mode` may name them beside the built-in ones. */
export class PermissionModeRegistry {
  readonly #handlers = new Map<string, PermissionModeHandler>();

  /** @throws PermissionError 'invalid_mode' for a blank name, one that is taken, or a handler that is no function. */
  register(mode: string, handler: PermissionModeHandler): void {
    const isTaken = this.#handlers.has(mode) || builtInModes.some((one) => one === mode);
    if (mode.trim() === '' || isTaken || typeof handler !== 'function')
      throw new PermissionError('invalid_mode', `The permission mode ${JSON.stringify(mode)} cannot be registered.`, {
        advice: `Give a name of its own and a function; taken: ${this.list().join(', ')}.`,
      });
    this.#handlers.set(mode, handler);
  }

  /** Undefined for a built-in mode, which needs none, and for an unknown one. */
  get(mode: string): PermissionModeHandler | undefined {
    return this.#handlers.get(mode);
  }

  /** All names that `PermissionConfig.mode` may have, the built-in ones first. */
  list(): readonly string[] {
    return [...builtInModes, ...this.#handlers.keys()];
  }
}

/** For agents whose dependencies bring no registry. Empty until the embedder registers something. */
export const permissionModes = new PermissionModeRegistry();
