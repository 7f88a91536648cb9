import type { AgentConfig } from '../agent/config';
import type { AgentTemplateDefinition, AgentTemplateRegistry } from '../agent/template';
import type { Tool } from '../tools/tool';
import type { SubAgentConfig } from './subagents';
import { taskRun, taskRunName } from './taskRun';

/** A subagent has at most its template's tools. */
export function cutTools(config: AgentConfig, { tools }: AgentTemplateDefinition): AgentConfig {
  if (!config.tools || tools === undefined || tools === '*') return config;
  return { ...config, tools: config.tools.filter((name) => tools.includes(name)) };
}

/** It is made for each agent, and in no registry. */
export function withoutTaskRun(names: '*' | readonly string[]): '*' | readonly string[] {
  return names === '*' ? names : names.filter((name) => name !== taskRunName);
}

/**
 * The selected tools, and `task_run` where the agent may delegate and its own list of tools, if it was given one, names it.
 * @throws ConfigError 'unknown_template'.
 */
export function withTaskRun(
  selected: readonly Tool[],
  wanted: AgentConfig['tools'],
  subagents: SubAgentConfig | undefined,
  templateRegistry: AgentTemplateRegistry,
): readonly Tool[] {
  // What is registered under this name could not know which subagents this agent has.
  const tools = selected.filter(({ name }) => name !== taskRunName);
  if (!subagents || (wanted && !wanted.includes(taskRunName))) return tools;
  const templates = subagents.templates?.map((id) => templateRegistry.get(id)) ?? templateRegistry.list();
  return templates.length === 0 ? tools : [...tools, taskRun(templates)];
}
