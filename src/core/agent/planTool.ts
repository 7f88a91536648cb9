import type { BeforeTool } from '../hooks/toolHooks';
import type { ToolResultContent } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { checkArguments } from '../tools/toolArguments';
import type { Tool, ToolContext, ToolPlan } from '../tools/tool';
import { isAborted } from '../util/abort';
import type { JsonObject } from '../util/json';
import { startLimit, untilAborted } from './timeLimit';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { denial, failureOf, stopped, timedOut, unknownTool } from './toolResults';
import { verdictOf } from './verdict';

/** How a call ends that does not run. */
export type EndState = 'FAILED' | 'DENIED' | 'COMPLETED';

export type Planning =
  | { readonly kind: 'planned'; readonly planned: Planned }
  /** There is an answer already: it failed, or a hook has denied or answered it. */
  | { readonly kind: 'ended'; readonly state: EndState; readonly result: ToolResultContent };

/**
 * Looks the tool up, checks the arguments, asks the hooks and computes what the call would do. The hooks come before the plan,
 * which reads: what they deny is not even looked at.
 * @param settled what the hooks have said to this call before: they are not asked again then
 */
export async function planTool(
  record: ToolCallRecord,
  ports: ToolCallPorts,
  signal: AbortSignal,
  settled?: Pick<Planned, 'asked'>,
): Promise<Planning> {
  const tool = ports.tools.get(record.name);
  if (!tool) return ended('FAILED', unknownTool(record.name, ports.tools));
  const { agentId, sandbox, services } = ports;
  const ctx: ToolContext = { agentId, callId: record.id, sandbox, services, signal };
  try {
    const args = await checkArguments(tool, record.input);
    const call = { id: record.id, name: tool.name, args, agentId };
    const said = settled ? undefined : await ports.hooks?.beforeTool(tool, call, ctx);
    if (said?.kind === 'deny') return ended('DENIED', said.result);
    if (said?.kind === 'answer') return await answered(said, { tool, ctx, args }, ports);
    const plan = await planInTime(tool, args, ctx, ports);
    return plan.kind === 'ended'
      ? plan
      : { kind: 'planned', planned: { tool, plan: plan.plan, ctx, args, asked: settled ? settled.asked : said } };
  } catch (error) {
    return ended('FAILED', isAborted(signal) ? stopped() : failureOf(error));
  }
}

function ended(state: EndState, result: ToolResultContent): Extract<Planning, { readonly kind: 'ended' }> {
  return { kind: 'ended', state, result };
}

async function planInTime(
  tool: Tool,
  args: JsonObject,
  ctx: ToolContext,
  { toolTimeoutMs }: ToolCallPorts,
): Promise<{ readonly kind: 'plan'; readonly plan: ToolPlan } | Extract<Planning, { readonly kind: 'ended' }>> {
  // A tool that limits its own run still has to plan in time: planning only reads.
  const limit = startLimit(typeof tool.timeout === 'number' ? tool.timeout : toolTimeoutMs);
  const signal = AbortSignal.any([ctx.signal, limit.signal]);
  try {
    return { kind: 'plan', plan: await untilAborted(tool.plan(args, { ...ctx, signal }), signal) };
  } catch (error) {
    if (isAborted(ctx.signal) || !isAborted(limit.signal)) throw error;
    return ended('FAILED', timedOut(tool, toolTimeoutMs));
  } finally {
    limit.clear();
  }
}

/** A hook's answer in place of a run: only where the policy does not deny the call. What cannot be planned would only have failed. */
async function answered(
  said: Extract<BeforeTool, { readonly kind: 'answer' }>,
  call: Omit<Planned, 'plan'>,
  ports: ToolCallPorts,
): Promise<Planning> {
  const plan = await planInTime(call.tool, call.args, call.ctx, ports).catch(() => undefined);
  const wanted = plan?.kind === 'plan' ? plan.plan : nothing;
  const verdict = await verdictOf({ ...call, plan: wanted }, ports);
  if (verdict.verdict === 'deny') return ended('DENIED', denial(verdict.reason, undefined));
  return ended('COMPLETED', said.result);
}

const nothing: ToolPlan = {
  effect: 'none',
  subject: { kind: 'tool', name: '', input: '', reason: '' },
  run: () => Promise.resolve({ data: null }),
};
