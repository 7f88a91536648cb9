import { ConfigError } from '../errors';
import type { PermissionConfig } from '../permission/policy';

/** Which subagents an agent may give work to. */
export interface SubAgentConfig {
  /** Template ids. Default: all that are registered. */
  readonly templates?: readonly string[];
  /** How deep: 1 = its subagents have none of their own. Default 1. */
  readonly depth?: number;
  /** In place of what the templates say. Whatever stands here, the policies of the agents above bind too. */
  readonly overrides?: { readonly permission?: PermissionConfig };
}

const deepest = 10;

/** @throws ConfigError 'invalid_value' for a depth that is none. */
export function checkSubagents(config: SubAgentConfig): SubAgentConfig {
  const { depth = 1 } = config;
  if (Number.isInteger(depth) && depth >= 0 && depth <= deepest) return config;
  throw new ConfigError('invalid_value', `subagents.depth is ${depth}.`, {
    advice: `Give a whole number from 0 to ${deepest}; 1 lets subagents have none of their own.`,
  });
}

/**
 * What an agent may delegate. A subagent never more than what is left of the agent above: one level less, and of its templates
 * only those that both allow. @param above what is left for a subagent; `undefined` as `left`: nothing
 */
export function subagentsOf(
  own: SubAgentConfig | undefined,
  above?: { readonly left: SubAgentConfig | undefined },
): SubAgentConfig | undefined {
  const checked = own && checkSubagents(own);
  const merged = above ? above.left && within(checked, above.left) : checked;
  return merged && (merged.depth ?? 1) > 0 ? merged : undefined;
}

/** What is left one level below. */
export function oneLevelLess(config: SubAgentConfig | undefined): SubAgentConfig | undefined {
  return config && { ...config, depth: (config.depth ?? 1) - 1 };
}

function within(own: SubAgentConfig | undefined, left: SubAgentConfig): SubAgentConfig {
  if (!own) return left;
  const { templates = left.templates } = own;
  const allowed = left.templates ? templates?.filter((id) => left.templates?.includes(id)) : templates;
  const depth = Math.min(own.depth ?? 1, left.depth ?? 1);
  return { ...own, depth, ...(allowed && { templates: allowed }) };
}
