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
  // Durable before the effect: after a crash nobody has to guess whether it may have happened.
  await ports.record({
    toolCalls: [executing],
    events: [
      { channel: 'progress', type: 'tool:update', call: snapshotOf(executing) },
      { channel: 'monitor', type: 'breakpoint_changed', previous: ports.breakpoint(), current: 'TOOL_EXECUTING' },
    ],
  });
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
  try {
    const run = (): Promise<ToolOutcome> => plan.run({ ...runContext, ...reporting(tool, record, ports) });
    const running =
      plan.effect === 'edit' ? ports.checkpoints.around(plan.changes ?? [], runContext.signal, run) : run();
    const outcome = await untilAborted(running, runContext.signal);
    return await endCall(executing, outcome.ok === false ? 'FAILED' : 'COMPLETED', contentOf(outcome), ports);
  } catch (error) {
    if (isAborted(ctx.signal)) return await endCall(executing, 'SEALED', stopped(), ports);
    return await endCall(
      executing,
      'FAILED',
      limit?.signal.aborted ? timedOut(tool, ports.toolTimeoutMs) : failureOf(error),
      ports,
    );
  } finally {
    limit?.clear();
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

/** Ends a call with the answer that the model will read. */
export async function endCall(
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
  await ports.record({ toolCalls: [ended], events: [shown, told] });
  return ended;
}
