import type { Above } from '../delegates/above';
import type { Bound } from '../delegates/bound';
import { subagentNote } from '../delegates/childConfig';
import { subagentsOf } from '../delegates/subagents';
import { withoutTaskRun, withTaskRun } from '../delegates/withTaskRun';
import { ConfigError } from '../errors';
import type { ModelProvider } from '../model/provider';
import { permissionModes } from '../permission/permissionModeRegistry';
import { checkPermissionConfig, type PermissionConfig } from '../permission/policy';
import { MemoryReviews } from '../permission/reviews';
import { MemoryRules } from '../permission/rules';
import { newAgentId } from '../protocol/ids';
import type { ModelChoice } from '../protocol/models';
import type { Sandbox } from '../sandbox/sandbox';
import { quietTimers, type Timers } from '../schedule/timers';
import { checkAgentId } from '../store/agentIds';
import type { AgentInfo } from '../store/store';
import { checkContext, checkLimits, type AgentConfig, type AgentDependencies } from './config';
import type { Setup } from './prepareTurn';
import { findDebugLog, findHooks } from './embedder';
import type { Tool } from '../tools/tool';
import type { ToolRegistry } from '../tools/toolRegistry';
import { checkTodoConfig, type TodoConfig } from './todoReminders';

/** What an agent starts with and may change later. */
export interface Start {
  readonly model: ModelProvider;
  readonly permission: PermissionConfig;
  readonly now: () => number;
  readonly timers: Timers;
  readonly makeScheduler: AgentDependencies['makeScheduler'];
}

/** Checks a configuration and looks everything up, before anything is stored. @throws ConfigError, PermissionError, StoreError 'invalid_id'. */
export async function makeSetup(
  config: AgentConfig,
  deps: AgentDependencies,
  known?: ModelChoice,
  above?: Above,
  bound?: Bound,
): Promise<{ readonly info: AgentInfo; readonly setup: Omit<Setup, 'sandbox'>; readonly start: Start }> {
  const now = deps.now ?? Date.now;
  const template = deps.templateRegistry.get(config.templateId);
  const modes = deps.permissionModes ?? permissionModes;
  const chosen = config.overrides?.permission ?? template.permission ?? { mode: 'approval' };
  const permission = checkPermissionConfig(chosen, modes);
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
  const subagents = subagentsOf(own, (above ?? bound) && { left: (above ?? bound)?.subagents });
  const names = config.tools ?? template.tools ?? '*';
  const { tools: selected, skills } = selectTools(withoutTaskRun(names), deps);
  const delegating = withTaskRun(selected, config.tools, subagents, deps.templateRegistry);
  const tools = withTodoTools(delegating, todo, deps.toolRegistry);
  const limits = checkLimits(config.limits);
  const setup = {
    ...{ tools, skills, limits, modes, subagents, above, bound },
    context: checkContext(config.context),
    template: above ? { ...template, systemPrompt: `${template.systemPrompt.trim()}\n\n${subagentNote}` } : template,
    hooks: await findHooks({ tools, template, config, above, limitMs: limits.toolTimeoutMs, now }),
    debug: await findDebugLog(deps.debug),
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
    start: { model, permission, now, timers: deps.timers ?? quietTimers, makeScheduler: deps.makeScheduler },
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

/** Skills come with their tool; who has a list of tools has them only where it names that. @throws ConfigError 'unknown_tool'. */
function selectTools(
  names: '*' | readonly string[],
  { toolRegistry, skillsManager }: AgentDependencies,
): Pick<Setup, 'tools' | 'skills'> {
  if (!skillsManager || toolRegistry.has(skillsManager.tool.name))
    return { tools: toolRegistry.select(names), skills: undefined };
  const { tool } = skillsManager;
  if (names === '*') return { tools: [...toolRegistry.select(names), tool], skills: skillsManager };
  const others = names.filter((name) => name !== tool.name);
  const tools = toolRegistry.select(others);
  return others.length === names.length
    ? { tools, skills: undefined }
    : { tools: [...tools, tool], skills: skillsManager };
}

/** @param known the model that the agent had when it was last here */
async function findModel(config: AgentConfig, deps: AgentDependencies, known?: ModelChoice): Promise<ModelProvider> {
  const model = config.model ?? (await deps.modelFactory?.(config.modelConfig ?? known));
  if (model) return model;
  throw new ConfigError('no_model', 'The agent has no model.', {
    advice: 'Pass `model`, or a `modelFactory` with the dependencies.',
  });
}
