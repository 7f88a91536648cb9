import { decide, type PermissionConfig, type PolicyVerdict } from '../permission/policy';
import { strictest } from '../permission/strictest';
import type { ApprovalSubject } from '../protocol/toolCalls';
import { customAnswer } from './customAnswer';
import type { Planned, ToolCallPorts } from './toolCallPorts';

/** The policies that judge a call at this moment: the agent's own, then those of the agents above it. */
export function policiesOf({ permission, above }: ToolCallPorts): readonly [PermissionConfig, ...PermissionConfig[]] {
  return [permission(), ...(above?.policies() ?? [])];
}

/** What policies, rules, reviews, the embedder's modes and its hooks together say to a plan. `policies`: those of the moment, where the caller goes by them later. */
export async function verdictOf(
  planned: Planned,
  ports: ToolCallPorts,
  [own, ...above] = policiesOf(ports),
): Promise<PolicyVerdict> {
  const { tool, plan, asked } = planned;
  const { floor, effect } = plan;
  const unreviewed = floor?.runsWorkspaceCode === true ? ports.reviews.unreviewed() : [];
  // Only asked where it decides: finding out starts a process.
  const contained = unreviewed.length > 0 && (await ports.sandbox.commands.containment()).level === 'os';
  const remembered = ports.rules.allow(floor?.rules ?? []);
  const judge = async (policy: PermissionConfig): Promise<PolicyVerdict> => {
    const custom = await customAnswer(policy.mode, planned, ports);
    return decide(policy, { toolName: tool.name, effect, floor, remembered, unreviewed, contained, custom });
  };
  const verdict = strictest(await judge(own), ...(await Promise.all(above.map(judge))));
  if (!asked || verdict.verdict === 'deny') return verdict;
  // Whatever else speaks against it is said too.
  const why = [asked.reason, ...(verdict.verdict === 'ask' ? verdict.why : [])];
  return { ...(verdict.verdict === 'ask' && verdict), verdict: 'ask', reason: asked.reason, why };
}

/** What the person sees: the plan's subject, why it is asked, and what could be remembered. */
export function askedSubject(
  { plan, asked }: Planned,
  { reason, why, unreviewed, everyTime }: Extract<PolicyVerdict, { readonly verdict: 'ask' }>,
): ApprovalSubject {
  // What is asked every time, as by a hook, could not be remembered.
  const rules = asked || everyTime ? [] : (plan.floor?.rules ?? []);
  return {
    ...plan.subject,
    reason,
    why,
    ...(rules.length > 0 && { remember: rules }),
    ...(unreviewed && rules.length > 0 && { unreviewed }),
  };
}
