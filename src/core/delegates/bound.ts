import type { PermissionConfig } from '../permission/policy';
import type { SandboxConfig } from '../sandbox/sandboxConfig';
import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';
import type { Above } from './above';
import type { SubAgentConfig } from './subagents';

/** What still binds a subagent that is brought back by itself, when the agents above it are not there. */
export interface Bound extends Pick<Above, 'policies' | 'turn'> {
  readonly subagents: SubAgentConfig | undefined;
}

/**
 * What of the agents above is kept with a subagent's session: their policies as they were when it got its task, what is left of
 * its own subagents, the description of the sandbox and the budget. Their hooks are functions and cannot be kept.
 * @param config the subagent's own, as it would be stored
 */
export function boundConfig(config: JsonObject, above: Above): JsonObject {
  const { sandbox, subagents, account } = above;
  const limits = isJsonObject(config['limits']) ? config['limits'] : {};
  const kept = {
    ...{ ...config, above: { policies: above.policies(), subagents } },
    ...(sandbox && { sandbox }),
    ...(account.budget && { limits: { ...limits, budget: account.budget } }),
  };
  // Through JSON: what is undefined drops out.
  return JSON.parse(JSON.stringify(kept)) as { [key: string]: JsonValue };
}

/** Undefined: it was nobody's subagent. What cannot be read binds to reading. */
export function boundOf(config: JsonObject | undefined): Bound | undefined {
  const above = config?.['above'];
  if (above === undefined) return undefined;
  const { policies, subagents } = isJsonObject(above) ? above : {};
  const read = Array.isArray(policies) && policies.every(isPolicy) ? policies : [onlyReading];
  return {
    policies: () => read,
    turn: undefined,
    // Written by `boundConfig`; `subagentsOf` checks it.
    subagents: isJsonObject(subagents) ? subagents : undefined,
  };
}

const onlyReading: PermissionConfig = { mode: 'readonly' };

function isPolicy(value: unknown): value is PermissionConfig {
  if (!isJsonObject(value)) return false;
  const { mode, requireApprovalTools, allowTools, denyTools } = value;
  const isList = (list: unknown): boolean => list === undefined || Array.isArray(list);
  return typeof mode === 'string' && [requireApprovalTools, allowTools, denyTools].every(isList);
}

/** The description of an agent's sandbox, for its subagents; undefined: it was given one that cannot be described, or has the host's own. */
export function sandboxBelow(
  config: JsonObject | undefined,
  template: SandboxConfig | undefined,
): SandboxConfig | undefined {
  const own = config?.['sandbox'];
  // Written by `storedConfig` from a SandboxConfig.
  return isJsonObject(own) && typeof own['kind'] === 'string' ? (own as SandboxConfig) : template;
}
