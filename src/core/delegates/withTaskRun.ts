import type { AgentConfig, AgentDependencies } from '../agent/config';
import type { AgentTemplateDefinition } from '../agent/template';
import type { Tool } from '../tools/tool';
import type { SubAgentConfig } from './subagents';
import { taskRun, taskRunName } from './taskRun';

/** A subagent has at most its template's tools. */
export function cutTools(config: AgentConfig, { tools }: AgentTemplateDefinition): AgentConfig {
  if (!config.tools || tools === undefined || tools === '*') return config;
  return { ...config, tools: config.tools.filter((name) => tools.includes(name)) };
}

/**
 * The agent's tools, `task_run` among them where it may delegate and its own list of tools, if it was given one, names it or is
 * the template's. @throws ConfigError 'unknown_tool' | 'unknown_template'.
 */
export function withTaskRun(
  config: Pick<AgentConfig, 'tools'>,
  template: AgentTemplateDefinition,
  subagents: SubAgentConfig | undefined,
  { toolRegistry, templateRegistry }: AgentDependencies,
): readonly Tool[] {
  const names = config.tools ?? template.tools ?? '*';
  const others = names === '*' ? names : names.filter((name) => name !== taskRunName);
  // What is registered under this name could not know which subagents this agent has.
  const tools = toolRegistry.select(others).filter(({ name }) => name !== taskRunName);
  if (!subagents || (config.tools && !config.tools.includes(taskRunName))) return tools;
  const templates = subagents.templates?.map((id) => templateRegistry.get(id)) ?? templateRegistry.list();
  return templates.length === 0 ? tools : [...tools, taskRun(templates)];
}
