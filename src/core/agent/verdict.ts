import { decide, type PolicyVerdict } from '../permission/policy';
import type { ApprovalSubject } from '../protocol/toolCalls';
import type { Planned, ToolCallPorts } from './toolCallPorts';

/** What policy, rules and reviews together say to a plan. `permission`: that of the moment, where the caller goes by it later. */
export async function verdictOf(
  { tool, plan }: Planned,
  ports: ToolCallPorts,
  permission = ports.permission(),
): Promise<PolicyVerdict> {
  const { floor, effect } = plan;
  const unreviewed = floor?.runsWorkspaceCode === true ? ports.reviews.unreviewed() : [];
  // Only asked where it decides: finding out starts a process.
  const contained = unreviewed.length > 0 && (await ports.sandbox.commands.containment()).level === 'os';
  const remembered = ports.rules.allow(floor?.rules ?? []);
  return decide(permission, { toolName: tool.name, effect, floor, remembered, unreviewed, contained });
}

/** What the person sees: the plan's subject, why it is asked, and what could be remembered. */
export function askedSubject(
  { plan }: Planned,
  { reason, why, unreviewed }: Extract<PolicyVerdict, { readonly verdict: 'ask' }>,
): ApprovalSubject {
  const rules = plan.floor?.rules ?? [];
  return {
    ...plan.subject,
    reason,
    why,
    ...(rules.length > 0 && { remember: rules }),
    ...(unreviewed && rules.length > 0 && { unreviewed }),
  };
}
