import type { ModelProvider } from '../model/provider';
import type { FailureInfo } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { ModelChoice } from '../protocol/models';
import type { TokenUsage } from '../protocol/usage';

/** A piece of work that an agent gives to a subagent. */
export interface Task {
  readonly templateId: string;
  /** What is to be done, in full: the subagent has not seen the conversation. */
  readonly prompt: string;
  /** A few words that name it for people. Default: the prompt's beginning. */
  readonly description?: string;
  /** What it has to know beside the prompt. */
  readonly context?: string;
  /** A model, a choice, `vendor:model`, or a model of the same vendor. Default: that of the agent which gives the task. */
  readonly model?: string | ModelChoice | ModelProvider;
  /** Tool names, at most these of its template's. Default: all of its template's. */
  readonly tools?: readonly string[];
}

/** What became of a task that was given to a subagent. */
export interface TaskResult {
  readonly status: 'ok' | 'interrupted' | 'failed';
  /** The text of the last answer. */
  readonly text?: string;
  readonly error?: FailureInfo;
  /** The subagent's session: it stays in the store and can be read or resumed. */
  readonly agentId: AgentId;
  /** All that it and its own subagents took. */
  readonly usage: TokenUsage;
}

/** The service through which a tool gives work to subagents. */
export interface TaskService {
  /** Aborted by the signal it comes back as 'interrupted'. @throws ConfigError for what cannot be looked up, StoreError. */
  run(task: Task, progress: (text: string) => void, signal: AbortSignal): Promise<TaskResult>;
}
