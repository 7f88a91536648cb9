import type { ToolResultContent } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { checkArguments } from '../tools/toolArguments';
import type { ToolContext, ToolPlan } from '../tools/tool';
import { isAborted } from '../util/abort';
import { assertNever } from '../util/assertNever';
import type { RequestedCall } from './answer';
import { askAndRun } from './questions';
import { endCall, runCall } from './runCall';
import { startLimit, untilAborted } from './timeLimit';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { askedSubject, verdictOf } from './verdict';
import { denial, failure, failureOf, stopped, timedOut, unknownTool } from './toolResults';

/** A call between its plan and its run: `effect` decides what it has to wait for. */
export interface PlannedCall {
  readonly effect: ToolPlan['effect'];
  readonly run: () => Promise<ToolCallRecord>;
}

/**
 * Parses and plans one call. What fails before anything could run is recorded at once; the returned `run` asks for
 * permission where the policy says so, runs, and records. Neither ever throws for what the tool or the user did: the answer
 * stands in the record. @throws StoreError when the session cannot be written.
 */
export async function planCall(
  call: RequestedCall,
  record: ToolCallRecord,
  ports: ToolCallPorts,
  signal: AbortSignal,
): Promise<PlannedCall> {
  const settled = (result: ToolResultContent): PlannedCall => ({
    effect: 'none',
    run: () => endCall(record, 'FAILED', result, ports),
  });
  if (call.problem !== undefined) return settled(failure('validation', call.problem, { retryable: true }));
  const planning = await planTool(record, ports, signal);
  if (planning.kind === 'failed') return settled(planning.result);
  const { planned } = planning;
  return { effect: planned.plan.effect, run: () => permitAndRun(planned, record, ports) };
}

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

async function permitAndRun(planned: Planned, record: ToolCallRecord, ports: ToolCallPorts): Promise<ToolCallRecord> {
  if (isAborted(planned.ctx.signal)) return endCall(record, 'SEALED', stopped(), ports);
  const verdict = await verdictOf(planned, ports);
  switch (verdict.verdict) {
    case 'deny':
      return endCall(record, 'DENIED', denial(verdict.reason, undefined), ports);
    case 'allow':
      return runCall(planned, record, undefined, ports);
    case 'ask':
      return askAndRun(planned, askedSubject(planned, verdict), record, ports);
    default:
      return assertNever(verdict);
  }
}
