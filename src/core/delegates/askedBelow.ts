import { unasked } from '../agent/cutOff';
import type { Change } from '../agent/journal';
import type { AgentEvent } from '../protocol/events';
import type { AgentInfo } from '../store/store';

/** Ends the questions of subagents that were open when the agent ended: nothing waits for their answers any more. */
export function closeAskedBelow(info: AgentInfo): Pick<Change, 'info'> & { readonly events: readonly AgentEvent[] } {
  const { askedBelow = [], ...rest } = info;
  if (askedBelow.length === 0) return { events: [] };
  const answer = { decision: 'deny', decidedBy: 'runtime', note: unasked } as const;
  return {
    info: rest,
    events: askedBelow.map((asked) => ({ channel: 'control', type: 'permission_decided', ...asked, ...answer })),
  };
}
