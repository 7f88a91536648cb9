import type { SubAgentConfig } from '../delegates/subagents';
import { ConfigError } from '../errors';
import type { Hooks } from '../hooks/hooks';
import type { PermissionConfig } from '../permission/policy';
import type { SandboxConfig } from '../sandbox/sandboxConfig';
import type { JsonObject } from '../util/json';
import type { TodoConfig } from './todoReminders';

/** What kind of agent: its instructions, tools and permissions. */
export interface AgentTemplateDefinition {
  readonly id: string;
  readonly name?: string;
  readonly desc?: string;
  readonly version?: string;
  readonly systemPrompt: string;
  /** Tool names; '*' for all that are registered. Default '*'. */
  readonly tools?: '*' | readonly string[];
  /** Default: mode 'approval'. */
  readonly permission?: PermissionConfig;
  /** Where its agents work, unless their configuration says otherwise. Default: the host's standard sandbox. */
  readonly sandbox?: SandboxConfig;
  readonly runtime?: {
    readonly exposeThinking?: boolean;
    /** Default: the todo tools are as any others, and nobody is reminded. */
    readonly todo?: TodoConfig;
    /** Default: it has no subagents, and no tool `task_run`. */
    readonly subagents?: SubAgentConfig;
  };
  /** Called after the tool's own and before those of the agent's configuration. */
  readonly hooks?: Hooks;
  readonly metadata?: JsonObject;
}

/** Templates by id. */
export class AgentTemplateRegistry {
  readonly #templates = new Map<string, AgentTemplateDefinition>();

  /** @throws ConfigError 'invalid_template' without an id or a system prompt. */
  register(template: AgentTemplateDefinition): void {
    if (template.id.trim() === '' || template.systemPrompt.trim() === '')
      throw new ConfigError(
        'invalid_template',
        `A template needs an id and a system prompt: ${JSON.stringify(template.id)}.`,
        {
          advice: 'Give both; neither may be blank.',
        },
      );
    this.#templates.set(template.id, template);
  }

  bulkRegister(templates: readonly AgentTemplateDefinition[]): void {
    for (const template of templates) this.register(template);
  }

  has(id: string): boolean {
    return this.#templates.has(id);
  }

  /** @throws ConfigError 'unknown_template'. */
  get(id: string): AgentTemplateDefinition {
    const template = this.#templates.get(id);
    if (template) return template;
    const known = [...this.#templates.keys()].join(', ') || 'none';
    throw new ConfigError('unknown_template', `Template not found: ${JSON.stringify(id)}.`, {
      advice: `Register it first. Registered: ${known}.`,
    });
  }

  list(): readonly AgentTemplateDefinition[] {
    return [...this.#templates.values()];
  }
}
