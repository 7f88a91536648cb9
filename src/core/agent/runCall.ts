import type { AgentEvent } from '../protocol/events';
import type { PermissionId } from '../protocol/ids';
import type { ToolResultContent } from '../protocol/messages';
import { snapshotOf, type ToolCallRecord } from '../protocol/toolCalls';
import type { EditConsent } from '../sandbox/sandbox';
import type { RunContext, Tool, ToolOutcome } from '../tools/tool';
import { isAborted } from '../util/abort';
import { finished, moved } from './records';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { contentOf, failureOf, stopped, timedOut } from './toolResults';
import type { Gathered } from './journal';
import { timeLimit, untilAborted } from './timeLimit';

/** How it comes that a call may run: a person said so, with these words, or the modes of that moment did. `reviewed`: what lands waits to be reviewed. */
export type Allowed =
  | { readonly kind: 'approved'; readonly permissionId: PermissionId; readonly answer: string | undefined }
  | { readonly kind: 'unasked'; readonly reviewed: boolean };

/** Runs a plan that was allowed, and records how it went. @throws StoreError when the session cannot be written. */
export async function runCall(
  { tool, plan, ctx }: Planned,
  record: ToolCallRecord,
  allowed: Allowed,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const executing = { ...moved(record, 'EXECUTING', ports.now()), startedAt: ports.now() };
  const started: Gathered = {
    toolCalls: [executing],
    events: [
      { channel: 'progress', type: 'tool:update', call: snapshotOf(executing) },
      { channel: 'monitor', type: 'breakpoint_changed', previous: ports.breakpoint(), current: 'TOOL_EXECUTING' },
    ],
  };
  // Durable before the effect: after a crash nobody has to guess whether it may have happened. What only looks needs no flush of its own.
  if (plan.effect === 'none' && tool.timeout !== 'own') ports.gather(started);
  else await ports.record(started);
  if (isAborted(ctx.signal)) return endCall(executing, 'SEALED', stopped(), ports);
  const limit = timeLimit(tool, ports.toolTimeoutMs);
  const runContext = {
    ...ctx,
    consent: consentOf(allowed, ports),
    ...(allowed.kind === 'approved' && allowed.answer !== undefined && { answer: allowed.answer }),
    signal: limit ? AbortSignal.any([ctx.signal, limit.signal]) : ctx.signal,
  };
  if (plan.effect === 'edit' && allowed.kind === 'unasked')
    ports.reviews.landedUnseen((plan.changes ?? []).map((one) => one.display));
  const ended = await outcomeOf({ tool, plan, ctx }, executing, runContext, ports).finally(() => limit?.clear());
  // What was stopped says so, whatever hooks there are.
  if (ended.state === 'SEALED' || !ports.hooks) return endCall(executing, ended.state, ended.result, ports);
  const result = await ports.hooks.afterTool(tool, executing, ended.result, ctx);
  return endCall(executing, result.ok ? 'COMPLETED' : 'FAILED', result, ports);
}

/** Runs it: how it went, and what the model is told of it. */
async function outcomeOf(
  { tool, plan, ctx }: Pick<Planned, 'tool' | 'plan' | 'ctx'>,
  record: ToolCallRecord,
  runContext: Omit<RunContext, 'progress' | 'emit'>,
  ports: ToolCallPorts,
): Promise<{ readonly state: 'COMPLETED' | 'FAILED' | 'SEALED'; readonly result: ToolResultContent }> {
  try {
    const run = (): Promise<ToolOutcome> => plan.run({ ...runContext, ...reporting(tool, record, ports) });
    const running =
      plan.effect === 'edit' ? ports.checkpoints.around(plan.changes ?? [], runContext.signal, run) : run();
    const outcome = await untilAborted(running, runContext.signal);
    return { state: outcome.ok === false ? 'FAILED' : 'COMPLETED', result: contentOf(outcome) };
  } catch (error) {
    if (isAborted(ctx.signal)) return { state: 'SEALED', result: stopped() };
    const isLate = isAborted(runContext.signal);
    return { state: 'FAILED', result: isLate ? timedOut(tool, ports.toolTimeoutMs) : failureOf(error) };
  }
}

/** In review mode an edit that nobody was asked about stays pending. */
function consentOf(allowed: Allowed, ports: ToolCallPorts): EditConsent {
  if (allowed.kind === 'approved') return { kind: 'approved', permissionId: allowed.permissionId };
  const { agentId, turnId } = ports.above?.turn ?? ports;
  return allowed.reviewed ? { kind: 'pending', agentId, turnId } : { kind: 'unasked' };
}

function reporting(tool: Tool, record: ToolCallRecord, ports: ToolCallPorts): Pick<RunContext, 'progress' | 'emit'> {
  return {
    progress: (text) => ports.progress(record.id, text),
    emit: (eventType, data) => {
      const event = { channel: 'monitor', type: 'tool_custom_event', toolName: tool.name, eventType } as const;
      // A store that fails here fails at the call's end too, where it is reported.
      void ports.record({ events: [data === undefined ? event : { ...event, data }] }).catch(() => undefined);
    },
  };
}

/** Ends a call with the answer that the model will read. It is stored with what comes next: the results as a message, or the next call. */
export function endCall(
  record: ToolCallRecord,
  state: 'COMPLETED' | 'FAILED' | 'DENIED' | 'SEALED',
  result: ToolResultContent,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const ended = finished(record, state, result, ports.now());
  const call = snapshotOf(ended);
  const shown: AgentEvent = result.ok
    ? { channel: 'progress', type: 'tool:end', call }
    : { channel: 'progress', type: 'tool:error', call, error: result.error };
  // Its result stands in the event before: an operator's view of it needs no second copy of what may be long.
  const { result: _result, ...executed } = call;
  const told: AgentEvent = { channel: 'monitor', type: 'tool_executed', call: executed };
  ports.gather({ toolCalls: [ended], events: [shown, told] });
  return Promise.resolve(ended);
}
