import { Agent } from '../../src/core/agent/agent';
import type { AgentConfig, AgentDependencies } from '../../src/core/agent/config';
import { AgentTemplateRegistry, type AgentTemplateDefinition } from '../../src/core/agent/template';
import type { SubAgentConfig } from '../../src/core/delegates/subagents';
import type { ModelRequest } from '../../src/core/model/provider';
import { scriptedModel, type ScriptedAnswer, type ScriptedTurn } from '../../src/core/model/scripted';
import { textOf } from '../../src/core/protocol/messages';
import type { PermissionConfig } from '../../src/core/permission/policy';
import type { Tool } from '../../src/core/tools/tool';
import { dependenciesFor, type Workspace } from './agents';

/** A kind of agent with what its model says: each of its conversations plays the script from the start. */
export interface Role extends Pick<AgentTemplateDefinition, 'tools' | 'permission'> {
  readonly script: readonly ScriptedTurn[];
  readonly subagents?: SubAgentConfig;
}

export interface TeamOptions {
  readonly workspace: Workspace;
  readonly roles: Readonly<Record<string, Role>>;
  readonly tools?: readonly Tool[];
  readonly guarded?: boolean;
}

/** The name of a model that counts its calls from one: its ids are those of another agent's calls too. */
export const ownModel = 'own';

/** Templates by role, and a model that knows from the system prompt whom it speaks for. */
export function teamDependencies({ workspace, roles, tools, guarded }: TeamOptions): AgentDependencies {
  const templateRegistry = new AgentTemplateRegistry();
  for (const [id, { script: _script, subagents, ...rest }] of Object.entries(roles))
    templateRegistry.register({
      ...{ id, systemPrompt: `Role ${id}.`, permission: { mode: 'auto' }, ...rest },
      ...(subagents && { runtime: { subagents } }),
    });
  const turns = new Map<string, number>();
  const answer = (request: ModelRequest): ScriptedAnswer => {
    const role = /^Role ([\w-]+)\./.exec(request.system)?.[1] ?? '';
    const conversation = `${role} ${request.messages[0] ? textOf(request.messages[0]) : ''}`;
    const turn = turns.get(conversation) ?? 0;
    turns.set(conversation, turn + 1);
    const script = roles[role]?.script ?? [];
    const said = script[Math.min(turn, script.length - 1)] ?? { text: `${role} has nothing to say` };
    return typeof said === 'function' ? said(request) : said;
  };
  const model = scriptedModel(answer);
  const base = dependenciesFor({
    ...{ workspace, script: [] },
    ...(tools && { tools }),
    ...(guarded !== undefined && { guarded }),
  });
  return {
    ...base,
    templateRegistry,
    modelFactory: (choice) => (choice?.model === ownModel ? scriptedModel(answer) : model),
  };
}

/** An agent of the role `lead`, with the rest as its subagents. */
export function lead(options: TeamOptions & { readonly config?: Partial<AgentConfig> }): Promise<Agent> {
  return Agent.create({ templateId: 'lead', ...options.config }, teamDependencies(options));
}

/** A model's call that gives a task. */
export function task(agentTemplateId: string, prompt = 'Do it.', more: Readonly<Record<string, string>> = {}) {
  return { name: 'task_run', input: { description: `task: ${prompt}`, prompt, agentTemplateId, ...more } };
}

/** The lead's role: gives these tasks at once and then ends. */
export function delegating(
  calls: readonly ReturnType<typeof task>[],
  permission: PermissionConfig = { mode: 'auto' },
  subagents: SubAgentConfig = {},
): Role {
  return { script: [{ calls }, { text: 'lead is done' }], permission, subagents };
}
