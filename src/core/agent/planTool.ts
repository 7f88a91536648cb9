import type { ToolResultContent } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { checkArguments } from '../tools/toolArguments';
import type { ToolContext } from '../tools/tool';
import { isAborted } from '../util/abort';
import { startLimit, untilAborted } from './timeLimit';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { failureOf, stopped, timedOut, unknownTool } from './toolResults';

export type Planning =
  | { readonly kind: 'planned'; readonly planned: Planned }
  | { readonly kind: 'failed'; readonly result: ToolResultContent };

/** Looks the tool up, checks the arguments and computes what the call would do. */
export async function planTool(record: ToolCallRecord, ports: ToolCallPorts, signal: AbortSignal): Promise<Planning> {
  const tool = ports.tools.get(record.name);
  if (!tool) return { kind: 'failed', result: unknownTool(record.name, ports.tools) };
  const { agentId, sandbox, services } = ports;
  const ctx: ToolContext = { agentId, callId: record.id, sandbox, services, signal };
  // A tool that limits its own run still has to plan in time: planning only reads.
  const limit = startLimit(typeof tool.timeout === 'number' ? tool.timeout : ports.toolTimeoutMs);
  const planSignal = AbortSignal.any([signal, limit.signal]);
  try {
    const args = await checkArguments(tool, record.input);
    const plan = await untilAborted(tool.plan(args, { ...ctx, signal: planSignal }), planSignal);
    return { kind: 'planned', planned: { tool, plan, ctx } };
  } catch (error) {
    if (isAborted(signal)) return { kind: 'failed', result: stopped() };
    return { kind: 'failed', result: limit.signal.aborted ? timedOut(tool, ports.toolTimeoutMs) : failureOf(error) };
  } finally {
    limit.clear();
  }
}
