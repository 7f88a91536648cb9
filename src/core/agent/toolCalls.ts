import type { ToolResultContent } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { ToolPlan } from '../tools/tool';
import { isAborted } from '../util/abort';
import { assertNever } from '../util/assertNever';
import type { RequestedCall } from './answer';
import { askAndRun } from './questions';
import { endCall, runCall } from './runCall';
import { planTool } from './planTool';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { askedSubject, policiesOf, verdictOf } from './verdict';
import { denial, failure, stopped } from './toolResults';

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

async function permitAndRun(planned: Planned, record: ToolCallRecord, ports: ToolCallPorts): Promise<ToolCallRecord> {
  if (isAborted(planned.ctx.signal)) return endCall(record, 'SEALED', stopped(), ports);
  // What was allowed is carried out as it was allowed, whatever the mode is by then.
  const policies = policiesOf(ports);
  const verdict = await verdictOf(planned, ports, policies);
  switch (verdict.verdict) {
    case 'deny':
      return endCall(record, 'DENIED', denial(verdict.reason, undefined), ports);
    case 'allow':
      return runCall(
        planned,
        record,
        { kind: 'unasked', reviewed: policies.some(({ mode }) => mode === 'review') },
        ports,
      );
    case 'ask':
      return askAndRun(planned, askedSubject(planned, verdict), record, ports);
    default:
      return assertNever(verdict);
  }
}
