import { ConfigError } from '../errors';
import type { ModelProvider } from '../model/provider';
import { checkPermissionConfig, type PermissionConfig } from '../permission/policy';
import { newAgentId } from '../protocol/ids';
import { checkAgentId } from '../store/agentIds';
import type { AgentInfo } from '../store/store';
import { checkLimits, type AgentConfig, type AgentDependencies } from './config';
import type { Setup } from './prepareTurn';

/** What an agent starts with and may change later. */
export interface Start {
  readonly model: ModelProvider;
  readonly permission: PermissionConfig;
  readonly now: () => number;
}

/** Checks a configuration and looks everything up, before anything is stored. @throws ConfigError, PermissionError, StoreError 'invalid_id'. */
export async function makeSetup(
  config: AgentConfig,
  deps: AgentDependencies,
): Promise<{ readonly info: AgentInfo; readonly setup: Omit<Setup, 'sandbox'>; readonly start: Start }> {
  const now = deps.now ?? Date.now;
  const template = deps.templateRegistry.get(config.templateId);
  const permission = config.overrides?.permission ?? template.permission ?? { mode: 'approval' };
  const info: AgentInfo = {
    agentId: checkAgentId(config.agentId ?? newAgentId()),
    templateId: template.id,
    createdAt: now(),
    ...(config.metadata && { metadata: config.metadata }),
  };
  const setup = {
    template,
    tools: deps.toolRegistry.select(config.tools ?? template.tools ?? '*'),
    limits: checkLimits(config.limits),
    exposeThinking: config.exposeThinking ?? template.runtime?.exposeThinking ?? false,
    environment: deps.environment,
    retry: deps.retry ?? {},
  };
  return {
    info,
    setup,
    start: { model: await findModel(config, deps), permission: checkPermissionConfig(permission), now },
  };
}

async function findModel(config: AgentConfig, deps: AgentDependencies): Promise<ModelProvider> {
  const model = config.model ?? (await deps.modelFactory?.());
  if (model) return model;
  throw new ConfigError('no_model', 'The agent has no model.', {
    advice: 'Pass `model`, or a `modelFactory` with the dependencies.',
  });
}
