import type { ContextMeter } from '../context/contextMeter';
import type { HookChain } from '../hooks/hookChain';
import type { ModelProvider, ToolDescription } from '../model/provider';
import type { RetryConfig } from '../model/retry';
import type { AgentEvent, DoneReason, FailureInfo } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Compactor, Frame } from './compactor';
import type { Change } from './journal';
import type { SpendingBook } from './spendingBook';
import type { AgentState } from './state';
import type { ToolCallPorts } from './toolCallPorts';

/** What a turn works with. */
export interface TurnPorts {
  readonly state: Readonly<AgentState>;
  /** Whether the session has a call of this id already. */
  readonly isCallIdTaken: (id: CallId) => Promise<boolean>;
  readonly model: ModelProvider;
  readonly system: string;
  readonly tools: readonly ToolDescription[];
  readonly toolCalls: ToolCallPorts;
  readonly maxSteps: number;
  readonly maxToolConcurrency: number;
  readonly exposeThinking: boolean;
  readonly retry: Partial<RetryConfig>;
  readonly meter: ContextMeter;
  readonly book: SpendingBook;
  readonly compactor: Compactor;
  readonly hooks: HookChain | undefined;
  /** Compacts the conversation if somebody has asked for it since the last step. */
  readonly compactIfAsked: (frame: Frame, signal: AbortSignal) => Promise<void>;
  /** Finds out what the model should hear before its next step. */
  readonly beforeStep: (signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly record: (change: Change) => Promise<unknown>;
  /** Takes an event that nobody waits for. */
  readonly soon: (event: AgentEvent) => void;
}

export interface TurnEnd {
  readonly reason: DoneReason;
  readonly step: number;
  readonly error?: FailureInfo;
}
