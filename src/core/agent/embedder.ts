import type { DebugOptions } from '../debug/debugConfig';
import type { DebugLog } from '../debug/debugLog';
import type { HookChain, HookOwner } from '../hooks/hookChain';
import type { Hooks } from '../hooks/hooks';
import type { Tool } from '../tools/tool';
import type { AgentConfig } from './config';
import type { AgentTemplateDefinition } from './template';

export interface HookSources {
  readonly tools: readonly Tool[];
  readonly template: AgentTemplateDefinition;
  readonly config: AgentConfig;
  readonly limitMs: number;
  readonly now: () => number;
}

/** The hooks of an agent; undefined where there are none. Loaded only then: most hosts have none. */
export async function findHooks({
  tools,
  template,
  config,
  limitMs,
  now,
}: HookSources): Promise<HookChain | undefined> {
  const owners = [
    ...ownerOf(`the template ${JSON.stringify(template.id)}`, template.hooks),
    ...ownerOf("the agent's configuration", config.overrides?.hooks),
  ];
  if (owners.length === 0 && !tools.some(({ hooks }) => hooks)) return undefined;
  const { HookChain } = await import('../hooks/hookChain');
  return new HookChain({ owners, limitMs, now });
}

function ownerOf(owner: string, hooks: Hooks | undefined): readonly HookOwner[] {
  return hooks ? [{ owner, hooks }] : [];
}

/** What writes an agent's events to the embedder's log; undefined where nobody wants one. */
export async function findDebugLog(options: DebugOptions | undefined): Promise<DebugLog | undefined> {
  if (!options) return undefined;
  const { DebugLog } = await import('../debug/debugLog');
  return new DebugLog(options);
}
