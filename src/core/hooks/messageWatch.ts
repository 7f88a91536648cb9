import type { Message } from '../protocol/messages';
import type { AgentId } from '../protocol/ids';
import type { HookChain } from './hookChain';

export interface MessageWatchPorts {
  readonly hooks: HookChain;
  readonly agentId: AgentId;
  /** What a request would be made from now. */
  readonly read: () => Promise<readonly Message[]>;
  readonly count: () => number;
  readonly onFailure: (error: Error) => void;
}

/** Tells the hooks of every change of a conversation, one after the other. Nothing waits for them; while they are busy, changes come together. */
export class MessageWatch {
  readonly #ports: MessageWatchPorts;
  readonly #ended = new AbortController();
  #busy = false;
  #again = false;

  constructor(ports: MessageWatchPorts) {
    this.#ports = ports;
  }

  /** Called after a change. */
  changed(): void {
    this.#again = true;
    if (!this.#busy) void this.#tell();
  }

  stop(): void {
    this.#ended.abort();
  }

  async #tell(): Promise<void> {
    const { hooks, agentId, read, count, onFailure } = this.#ports;
    const { signal } = this.#ended;
    this.#busy = true;
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false;
        const snapshot = { agentId, messages: await read(), messageCount: count() };
        await hooks.messagesChanged(snapshot, onFailure, signal);
      }
    } catch (error) {
      if (!signal.aborted) onFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#busy = false;
    }
  }
}
