import type { Above } from '../delegates/above';
import { subagentNote } from '../delegates/childConfig';
import { subagentsOf } from '../delegates/subagents';
import { withTaskRun } from '../delegates/withTaskRun';
import { ConfigError } from '../errors';
import type { ModelProvider } from '../model/provider';
import { checkPermissionConfig, type PermissionConfig } from '../permission/policy';
import { MemoryReviews } from '../permission/reviews';
import { MemoryRules } from '../permission/rules';
import { newAgentId } from '../protocol/ids';
import type { ModelChoice } from '../protocol/models';
import type { Sandbox } from '../sandbox/sandbox';
import { quietTimers, type Timers } from '../schedule/timers';
import { checkAgentId } from '../store/agentIds';
import type { AgentInfo } from '../store/store';
import type { Tool } from '../tools/tool';
import type { ToolRegistry } from '../tools/toolRegistry';
import { checkLimits, type AgentConfig, type AgentDependencies } from './config';
import type { Setup } from './prepareTurn';
import { checkTodoConfig, type TodoConfig } from './todoReminders';

/** What an agent starts with and may change later. */
export interface Start {
  readonly model: ModelProvider;
  readonly permission: PermissionConfig;
  readonly now: () => number;
  readonly timers: Timers;
  readonly scheduler: AgentDependencies['scheduler'];
}

/** Checks a configuration and looks everything up, before anything is stored. @throws ConfigError, PermissionError, StoreError 'invalid_id'. */
export async function makeSetup(
  config: AgentConfig,
  deps: AgentDependencies,
  known?: ModelChoice,
  above?: Above,
): Promise<{ readonly info: AgentInfo; readonly setup: Omit<Setup, 'sandbox'>; readonly start: Start }> {
  const now = deps.now ?? Date.now;
  const template = deps.templateRegistry.get(config.templateId);
  const permission = checkPermissionConfig(config.overrides?.permission ?? template.permission ?? { mode: 'approval' });
  const model = await findModel(config, deps, known);
  const todo = checkTodoConfig(config.overrides?.todo ?? template.runtime?.todo);
  const info: AgentInfo = {
    agentId: checkAgentId(config.agentId ?? newAgentId()),
    templateId: template.id,
    createdAt: now(),
    ...(model.choice && { model: model.choice }),
    ...(config.metadata && { metadata: config.metadata }),
  };
  const own = config.overrides?.subagents ?? template.runtime?.subagents;
  const subagents = subagentsOf(own, above && { left: above.subagents });
  const setup = {
    template: above ? { ...template, systemPrompt: `${template.systemPrompt.trim()}\n\n${subagentNote}` } : template,
    tools: withTodoTools(withTaskRun(config, template, subagents, deps), todo, deps.toolRegistry),
    subagents,
    above,
    limits: checkLimits(config.limits),
    exposeThinking: config.exposeThinking ?? template.runtime?.exposeThinking ?? false,
    environment: deps.environment,
    retry: deps.retry ?? {},
    spending: deps.spending,
    blobs: deps.checkpoints,
    rules: deps.rules ?? new MemoryRules('workspace', now),
    reviews: above?.reviews ?? deps.reviews ?? new MemoryReviews(),
    todo,
  };
  return {
    info,
    setup,
    start: { model, permission, now, timers: deps.timers ?? quietTimers, scheduler: deps.scheduler },
  };
}

/** Who keeps a todo list need not name its tools. @throws ConfigError 'unknown_tool'. */
function withTodoTools(tools: readonly Tool[], todo: TodoConfig | undefined, registry: ToolRegistry): readonly Tool[] {
  if (!todo?.enabled) return tools;
  const missing = ['todo_read', 'todo_write'].filter((name) => !tools.some((tool) => tool.name === name));
  return [...tools, ...registry.select(missing)];
}

/** Settles which tools the agent has: those that can work in its sandbox. The list stays as it is, and with it the vendor's prompt cache. */
export function setupIn(setup: Omit<Setup, 'sandbox'>, sandbox: Sandbox): Setup {
  return { ...setup, sandbox, tools: setup.tools.filter(({ available }) => available?.(sandbox) ?? true) };
}

/** @param known the model that the agent had when it was last here */
async function findModel(config: AgentConfig, deps: AgentDependencies, known?: ModelChoice): Promise<ModelProvider> {
  const model = config.model ?? (await deps.modelFactory?.(config.modelConfig ?? known));
  if (model) return model;
  throw new ConfigError('no_model', 'The agent has no model.', {
    advice: 'Pass `model`, or a `modelFactory` with the dependencies.',
  });
}
