import type { AgentConfig } from '../agent/config';
import { withoutFrames } from '../agent/frames';
import type { Setup } from '../agent/prepareTurn';
import type { ModelProvider } from '../model/provider';
import { newAgentId } from '../protocol/ids';
import type { Sandbox } from '../sandbox/sandbox';
import type { AgentInfo } from '../store/store';
import { safeStart } from '../util/safeStart';
import type { Task } from './task';

/** What every subagent is told beside its template's own words. */
export const subagentNote = `## Your place
Another agent gave you this task, not the user. You see nothing of their conversation. What you do may be asked of the user first, as anything else. Your last answer goes back to that agent and is all it reads: put everything in it that it needs, with places (file and line) and what you could not find out.`;

/** How the subagent for a task is made. */
export function childConfig(
  task: Task,
  { setup, info, model }: { readonly setup: Setup; readonly info: AgentInfo; readonly model: ModelProvider },
): AgentConfig {
  const { templateId, tools } = task;
  const { budget: _shared, ...limits } = setup.limits;
  const permission = setup.subagents?.overrides?.permission;
  return {
    // The beginning says where it comes from; the end alone makes it unique.
    agentId: `${info.agentId.slice(0, 140)}-${newAgentId()}`,
    ...{ templateId, limits, sandbox: shared(setup.sandbox), ...modelOf(task.model, model) },
    ...(tools && { tools }),
    ...(permission && { overrides: { permission } }),
    metadata: { ...info.metadata, parent: info.agentId, task: safeStart(task.description ?? task.prompt, 200) },
  };
}

export function promptOf({ prompt, context }: Task): string {
  const whole = context === undefined || context.trim() === '' ? prompt : `${prompt}\n\n## Context\n${context}`;
  // A model wrote it, from what it has read: it is no word of the program or of the user.
  return withoutFrames(whole);
}

function modelOf(wanted: Task['model'], own: ModelProvider): Pick<AgentConfig, 'model' | 'modelConfig'> {
  if (wanted === undefined) return { model: own };
  if (typeof wanted === 'object') return 'stream' in wanted ? { model: wanted } : { modelConfig: wanted };
  const [, vendor = own.vendor, model = wanted] = /^([\w-]+):(.+)$/s.exec(wanted) ?? [];
  // The same vendor is asked with the same key.
  return { modelConfig: { ...(own.choice?.vendor === vendor && own.choice), vendor, model } };
}

/** The sandbox for somebody who may not end it: whoever made it does. All else of it is as it is, whatever class it is of. */
function shared(sandbox: Sandbox): Sandbox {
  // Not the sandbox itself as the target: what is frozen in it may not be shown otherwise.
  return new Proxy(Object.create(sandbox) as Sandbox, {
    get: (_target, name) => {
      if (name === 'dispose') return () => Promise.resolve();
      const value: unknown = Reflect.get(sandbox, name, sandbox);
      return typeof value === 'function' ? (value.bind(sandbox) as unknown) : value;
    },
  });
}
