import type { CheckpointBlobs } from '../checkpoints/checkpointBlobs';
import type { SubAgentConfig } from '../delegates/subagents';
import { ConfigError } from '../errors';
import type { ModelProvider } from '../model/provider';
import type { RetryConfig } from '../model/retry';
import type { Spending } from '../model/spending';
import type { PermissionConfig } from '../permission/policy';
import type { Reviews } from '../permission/reviews';
import type { RuleBook } from '../permission/rules';
import type { ModelChoice } from '../protocol/models';
import type { Budget } from '../protocol/usage';
import type { Sandbox } from '../sandbox/sandbox';
import { isSandbox, type MakeSandbox, type SandboxConfig } from '../sandbox/sandboxConfig';
import type { Store } from '../store/documentedStore';
import { sessionStoreOf } from '../store/sessionStoreOf';
import type { AgentInfo, SessionStore } from '../store/store';
import type { Scheduler, SchedulerPorts } from '../schedule/scheduler';
import type { Timers } from '../schedule/timers';
import type { ToolRegistry } from '../tools/toolRegistry';
import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';
import type { EnvironmentSource } from './prompt';
import type { AgentTemplateRegistry } from './template';
import type { TodoConfig } from './todoReminders';

export interface AgentLimits {
  /** Model calls in one turn. Default 200. */
  readonly maxSteps?: number;
  /** Milliseconds that one tool may run, from its start; a decision that is waited for does not count. Default 60,000. */
  readonly toolTimeoutMs?: number;
  /** Calls without effect that run beside each other. Default 3. */
  readonly maxToolConcurrency?: number;
  /** Milliseconds after which an unanswered question counts as denied. Default: none. */
  readonly approvalTimeoutMs?: number;
  /** What the session may spend, over all its turns. Default: no limit. */
  readonly budget?: Budget;
}

export interface AgentConfig {
  /** Default: a new one. */
  readonly agentId?: string;
  readonly templateId: string;
  /** Default: what `modelFactory` makes of `modelConfig`, or of the model that the agent had when it was last here. */
  readonly model?: ModelProvider;
  readonly modelConfig?: ModelChoice;
  /** A sandbox, or what `sandboxFactory` is to make one of. Default: the template's, else what it makes unasked. */
  readonly sandbox?: Sandbox | SandboxConfig;
  /** Tool names. Default: the template's. */
  readonly tools?: readonly string[];
  /** Whether thinking is published as events. Default: the template's, else false. */
  readonly exposeThinking?: boolean;
  readonly overrides?: {
    readonly permission?: PermissionConfig;
    readonly todo?: TodoConfig;
    readonly subagents?: SubAgentConfig;
  };
  readonly limits?: AgentLimits;
  readonly metadata?: JsonObject;
}

export interface AgentDependencies {
  /** One of ours, or any class with the documented methods of `Store`. */
  readonly store: SessionStore | Store;
  readonly templateRegistry: AgentTemplateRegistry;
  readonly sandboxFactory: MakeSandbox;
  readonly toolRegistry: ToolRegistry;
  /** Without a choice it makes the host's standard model. */
  readonly modelFactory?: (choice?: ModelChoice) => ModelProvider | Promise<ModelProvider>;
  /** Counts what is spent over all agents, and says what may be. Default: nothing is counted beyond the session. */
  readonly spending?: Spending;
  /** What was allowed for good in this workspace. Default: nothing, and what is allowed for good is forgotten with the agent. */
  readonly rules?: RuleBook;
  /** What was edited unseen, shared by the agents of a workspace. Default: what this agent edited. */
  readonly reviews?: Reviews;
  /** Keeps what files were before the agents' edits. Default: nothing is kept, and files cannot be restored. */
  readonly checkpoints?: CheckpointBlobs;
  readonly environment: EnvironmentSource;
  /** Waiting times between tries of a model call; missing ones are the defaults. */
  readonly retry?: Partial<RetryConfig>;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  /** Makes what `agent.schedule()` gives. Without it nothing can be scheduled: hosts that do not schedule need not load it. */
  readonly scheduler?: (ports: SchedulerPorts) => Scheduler;
  /** What it waits with. Default: the process's timers. */
  readonly timers?: Timers;
}

export type Limits = Required<Omit<AgentLimits, 'approvalTimeoutMs' | 'budget'>> &
  Pick<AgentLimits, 'approvalTimeoutMs' | 'budget'>;

/** Timers take no more: a larger number would fire at once. */
const largestTimerMs = 2_147_483_647;

/** @throws ConfigError 'invalid_value', naming the limit. */
export function checkLimits(limits: AgentLimits = {}): Limits {
  const { budget, ...numbers } = limits;
  for (const [name, value] of Object.entries(numbers) as [string, number | undefined][])
    if (value !== undefined && !(Number.isInteger(value) && value > 0 && value <= largestTimerMs))
      throw new ConfigError('invalid_value', `limits.${name} is ${value}.`, {
        advice: `Give a whole number from 1 to ${largestTimerMs}.`,
      });
  return {
    ...(budget && { budget: checkBudget(budget) }),
    maxSteps: limits.maxSteps ?? 200,
    toolTimeoutMs: limits.toolTimeoutMs ?? 60_000,
    maxToolConcurrency: limits.maxToolConcurrency ?? 3,
    ...(limits.approvalTimeoutMs !== undefined && { approvalTimeoutMs: limits.approvalTimeoutMs }),
  };
}

/** @throws ConfigError 'invalid_value'. */
export function checkBudget(budget: Budget): Budget {
  for (const [name, value] of Object.entries(budget) as [string, number | undefined][])
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw new ConfigError('invalid_value', `The budget's ${name} is ${value}.`, {
        advice: 'Give a number from 0 on, or leave it out for no limit.',
      });
  return budget;
}

/** Dependencies that were checked: the store is the runtime's port. */
export type CheckedDependencies = AgentDependencies & { readonly store: SessionStore };

/** @throws ConfigError 'missing_dependency', naming what is missing; StoreError 'not_supported' for a store without what agents need. */
export function checkDependencies(deps: AgentDependencies): CheckedDependencies {
  const needed = ['store', 'templateRegistry', 'sandboxFactory', 'toolRegistry', 'environment'] as const;
  const given: Partial<AgentDependencies> = deps;
  const missing = needed.filter((name) => given[name] === undefined);
  if (missing.length === 0) return { ...deps, store: sessionStoreOf(deps.store) };
  throw new ConfigError('missing_dependency', `The agent's dependencies lack: ${missing.join(', ')}.`, {
    advice: 'Pass them with the others when you create the agent or the pool.',
  });
}

/** What of a configuration is kept with the session: plain data without models, sandboxes or anything secret. */
export function storedConfig(config: AgentConfig): JsonObject {
  const { tools, exposeThinking, overrides, limits, sandbox } = config;
  const kept = { tools, exposeThinking, overrides, limits, ...(!isSandbox(sandbox) && { sandbox }) };
  // Through JSON: what is undefined or no data drops out.
  return JSON.parse(JSON.stringify(kept)) as { [key: string]: JsonValue };
}

/** The stored configuration with other permissions. */
export function withPermission(config: JsonObject = {}, permission: PermissionConfig): JsonObject {
  const overrides = isJsonObject(config['overrides']) ? config['overrides'] : {};
  return { ...config, overrides: { ...overrides, permission: { ...permission } as JsonObject } };
}

/** What the agent was made with, and over it what is given now. */
export function withStoredConfig(info: AgentInfo, config: Partial<AgentConfig>): AgentConfig {
  // Written by `storedConfig` from an AgentConfig.
  const stored = (info.config ?? {}) as Partial<AgentConfig>;
  const metadata = config.metadata ?? info.metadata;
  return { templateId: info.templateId, ...stored, ...config, ...(metadata && { metadata }) };
}
