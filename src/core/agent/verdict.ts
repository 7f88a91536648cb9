import { decide, type PolicyVerdict } from '../permission/policy';
import type { ApprovalSubject } from '../protocol/toolCalls';
import { customAnswer } from './customAnswer';
import type { Planned, ToolCallPorts } from './toolCallPorts';

/** What policy, rules, reviews, the embedder's mode and its hooks together say to a plan. `permission`: that of the moment, where the caller goes by it later. */
export async function verdictOf(
  planned: Planned,
  ports: ToolCallPorts,
  permission = ports.permission(),
): Promise<PolicyVerdict> {
  const { tool, plan, asked } = planned;
  const { floor, effect } = plan;
  const unreviewed = floor?.runsWorkspaceCode === true ? ports.reviews.unreviewed() : [];
  // Only asked where it decides: finding out starts a process.
  const contained = unreviewed.length > 0 && (await ports.sandbox.commands.containment()).level === 'os';
  const remembered = ports.rules.allow(floor?.rules ?? []);
  const custom = await customAnswer(permission.mode, planned, ports);
  const verdict = decide(permission, { toolName: tool.name, effect, floor, remembered, unreviewed, contained, custom });
  if (!asked || verdict.verdict === 'deny') return verdict;
  // Whatever else speaks against it is said too.
  const why = [asked.reason, ...(verdict.verdict === 'ask' ? verdict.why : [])];
  return { ...(verdict.verdict === 'ask' && verdict), verdict: 'ask', reason: asked.reason, why };
}

/** What the person sees: the plan's subject, why it is asked, and what could be remembered. */
export function askedSubject(
  { plan, asked }: Planned,
  { reason, why, unreviewed }: Extract<PolicyVerdict, { readonly verdict: 'ask' }>,
): ApprovalSubject {
  // A hook asks every time: what would be remembered could not be kept.
  const rules = asked ? [] : (plan.floor?.rules ?? []);
  return {
    ...plan.subject,
    reason,
    why,
    ...(rules.length > 0 && { remember: rules }),
    ...(unreviewed && rules.length > 0 && { unreviewed }),
  };
}
