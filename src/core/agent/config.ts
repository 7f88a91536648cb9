import type { CheckpointBlobs } from '../checkpoints/checkpointBlobs';
import type { DebugOptions } from '../debug/debugConfig';
import type { SubAgentConfig } from '../delegates/subagents';
import { ConfigError } from '../errors';
import type { Hooks } from '../hooks/hooks';
import type { ModelProvider } from '../model/provider';
import type { RetryConfig } from '../model/retry';
import type { Spending } from '../model/spending';
import type { PermissionModeRegistry } from '../permission/permissionModeRegistry';
import type { PermissionConfig } from '../permission/policy';
import type { Reviews } from '../permission/reviews';
import type { RuleBook } from '../permission/rules';
import type { ModelChoice } from '../protocol/models';
import type { Budget } from '../protocol/usage';
import type { Sandbox } from '../sandbox/sandbox';
import { isSandbox, type MakeSandbox, type SandboxConfig } from '../sandbox/sandboxConfig';
import type { SkillSource } from '../skills/skillSource';
import type { AgentInfo, SessionStore } from '../store/store';
import type { Scheduler, SchedulerPorts } from '../schedule/scheduler';
import type { Timers } from '../schedule/timers';
import type { ToolRegistry } from '../tools/toolRegistry';
import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';
import type { EnvironmentSource } from './prompt';
import type { AgentTemplateRegistry } from './template';
import type { TodoConfig } from './todoReminders';

/** What keeps an agent from going on for ever. */
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

/** When the older part of a conversation is summed up; `agent.compact()` does it at any time. */
export interface ContextOptions {
  /** Tokens of a request from which it is done. Never later than at 80 % of what the model takes, which is the default. */
  readonly maxTokens?: number;
}

/** What one agent is made with; kept with it as far as it is data, so that it can be resumed by its id alone. */
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
    readonly subagents?: SubAgentConfig;
    /** Called after the tool's and the template's. Functions: not kept with the session, so to be given again when it is resumed. */
    readonly hooks?: Hooks;
    readonly todo?: TodoConfig;
  };
  readonly limits?: AgentLimits;
  readonly context?: ContextOptions;
  readonly metadata?: JsonObject;
}

export interface AgentDependencies {
  readonly store: SessionStore;
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
  /** Skills for agents whose tools are '*' or name `skills`. Default: there are none, and no such tool. */
  readonly skillsManager?: SkillSource;
  readonly environment: EnvironmentSource;
  /** The modes that `PermissionConfig.mode` may name beside the built-in ones. Default: the exported `permissionModes`. */
  readonly permissionModes?: PermissionModeRegistry;
  /** What is written to a log. Default: nothing. */
  readonly debug?: DebugOptions;
  /** Waiting times between tries of a model call; missing ones are the defaults. */
  readonly retry?: Partial<RetryConfig>;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  /** Makes what `agent.schedule()` gives. Without it nothing can be scheduled: hosts that do not schedule need not load it. */
  readonly makeScheduler?: (ports: SchedulerPorts) => Scheduler;
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

/** @throws ConfigError 'invalid_value': a summary and the last messages need some room. */
export function checkContext(context: ContextOptions = {}): ContextOptions {
  const { maxTokens } = context;
  if (maxTokens === undefined || (Number.isInteger(maxTokens) && maxTokens >= 1_000)) return context;
  throw new ConfigError('invalid_value', `context.maxTokens is ${maxTokens}.`, {
    advice: 'Give a whole number from 1,000 on, or leave it out.',
  });
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

/** @throws ConfigError 'missing_dependency', naming what is missing. */
export function checkDependencies<Given extends object>(deps: Given): Given {
  const needed = ['store', 'templateRegistry', 'sandboxFactory', 'toolRegistry', 'environment'] as const;
  const given = new Map<string, unknown>(Object.entries(deps));
  const missing = needed.filter((name) => given.get(name) === undefined);
  if (missing.length === 0) return deps;
  throw new ConfigError('missing_dependency', `The agent's dependencies lack: ${missing.join(', ')}.`, {
    advice: 'Pass them with the others when you create the agent or the pool.',
  });
}

/** What of a configuration is kept with the session: plain data without models, sandboxes or anything secret. */
export function storedConfig(config: AgentConfig): JsonObject {
  const { tools, exposeThinking, limits, context, sandbox } = config;
  const { hooks: _hooks, ...overrides } = config.overrides ?? {};
  const kept = {
    ...{ tools, exposeThinking, limits, context },
    ...(Object.keys(overrides).length > 0 && { overrides }),
    ...(!isSandbox(sandbox) && { sandbox }),
  };
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
  // One override more, hooks for example, must not let go of the others: a permission least of all.
  const overrides = { ...stored.overrides, ...config.overrides };
  return { templateId: info.templateId, ...stored, ...config, overrides, ...(metadata && { metadata }) };
}
