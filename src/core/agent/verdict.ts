import { decide, type PermissionConfig, type PolicyVerdict } from '../permission/policy';
import { strictest } from '../permission/strictest';
import type { ApprovalSubject } from '../protocol/toolCalls';
import type { Planned, ToolCallPorts } from './toolCallPorts';

/** The policies that judge a call at this moment: the agent's own, then those of the agents above it. */
export function policiesOf({ permission, above }: ToolCallPorts): readonly [PermissionConfig, ...PermissionConfig[]] {
  return [permission(), ...(above?.policies() ?? [])];
}

/** What policies, rules and reviews together say to a plan. `policies`: those of the moment, where the caller goes by them later. */
export async function verdictOf(
  { tool, plan }: Planned,
  ports: ToolCallPorts,
  [own, ...above] = policiesOf(ports),
): Promise<PolicyVerdict> {
  const { floor, effect } = plan;
  const unreviewed = floor?.runsWorkspaceCode === true ? ports.reviews.unreviewed() : [];
  // Only asked where it decides: finding out starts a process.
  const contained = unreviewed.length > 0 && (await ports.sandbox.commands.containment()).level === 'os';
  const remembered = ports.rules.allow(floor?.rules ?? []);
  const judge = (policy: PermissionConfig): PolicyVerdict =>
    decide(policy, { toolName: tool.name, effect, floor, remembered, unreviewed, contained });
  return strictest(judge(own), ...above.map(judge));
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
