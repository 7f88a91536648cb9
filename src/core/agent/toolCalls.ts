import { decide, type PermissionConfig } from '../permission/policy';
import type { SessionRules } from '../permission/rules';
import type { AgentEvent, BreakpointState } from '../protocol/events';
import { newPermissionId, type AgentId, type PermissionId } from '../protocol/ids';
import type { ToolResultContent } from '../protocol/messages';
import { snapshotOf, type ApprovalSubject, type ToolCallRecord } from '../protocol/toolCalls';
import type { Sandbox } from '../sandbox/sandbox';
import { checkArguments } from '../tools/toolArguments';
import type { RunContext, Tool, ToolContext, ToolPlan, ToolServices } from '../tools/tool';
import { isAborted } from '../util/abort';
import { assertNever } from '../util/assertNever';
import { Disposables } from '../util/disposables';
import type { RequestedCall } from './answer';
import type { Answer, Approvals } from './approvals';
import type { Change } from './journal';
import { decided, finished, moved } from './records';
import { contentOf, denial, failure, failureOf, stopped, timedOut, unknownTool } from './toolResults';
import { startLimit, timeLimit, untilAborted } from './timeLimit';

export interface ToolCallPorts {
  readonly agentId: AgentId;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly sandbox: Sandbox;
  readonly services: ToolServices;
  readonly permission: PermissionConfig;
  readonly rules: SessionRules;
  readonly approvals: Approvals;
  readonly toolTimeoutMs: number;
  readonly approvalTimeoutMs: number | undefined;
  readonly now: () => number;
  readonly breakpoint: () => BreakpointState;
  readonly record: (change: Change) => Promise<unknown>;
  readonly progress: (callId: ToolCallRecord['id'], text: string) => void;
}

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
    run: () => end(record, 'FAILED', result, ports),
  });
  if (call.problem !== undefined) return settled(failure('validation', call.problem, { retryable: true }));
  const tool = ports.tools.get(record.name);
  if (!tool) return settled(unknownTool(record.name, ports.tools));
  const ctx: ToolContext = {
    agentId: ports.agentId,
    callId: record.id,
    sandbox: ports.sandbox,
    services: ports.services,
    signal,
  };
  // A tool that limits its own run still has to plan in time: planning only reads.
  const limit = startLimit(typeof tool.timeout === 'number' ? tool.timeout : ports.toolTimeoutMs);
  const planSignal = AbortSignal.any([signal, limit.signal]);
  try {
    const args = checkArguments(tool, record.input);
    const plan = await untilAborted(tool.plan(args, { ...ctx, signal: planSignal }), planSignal);
    return { effect: plan.effect, run: () => permitAndRun(tool, plan, record, ctx, ports) };
  } catch (error) {
    if (isAborted(signal)) return settled(stopped());
    return settled(limit.signal.aborted ? timedOut(tool, ports.toolTimeoutMs) : failureOf(error));
  } finally {
    limit.clear();
  }
}

async function permitAndRun(
  tool: Tool,
  plan: ToolPlan,
  record: ToolCallRecord,
  ctx: ToolContext,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  if (isAborted(ctx.signal)) return end(record, 'SEALED', stopped(), ports);
  const remembered = ports.rules.allows(plan.subject);
  const verdict = decide(ports.permission, { toolName: tool.name, effect: plan.effect, remembered });
  switch (verdict.verdict) {
    case 'deny':
      return end(record, 'DENIED', denial(verdict.reason, undefined), ports);
    case 'allow':
      return run(tool, plan, record, undefined, ctx, ports);
    case 'ask':
      return askAndRun(tool, plan, { ...plan.subject, reason: verdict.reason }, record, ctx, ports);
    default:
      return assertNever(verdict);
  }
}

async function askAndRun(
  tool: Tool,
  plan: ToolPlan,
  subject: ApprovalSubject,
  record: ToolCallRecord,
  ctx: ToolContext,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const permissionId = newPermissionId();
  const shown = new Disposables();
  try {
    const waiting = moved({ ...record, approval: { required: true } }, 'APPROVAL_REQUIRED', ports.now());
    // The question is open before it is published, so that a listener may answer it at once.
    const answered = ports.approvals.ask({ permissionId, call: waiting, subject }, ctx.signal);
    await ports.record({ toolCalls: [waiting], events: questionEvents(permissionId, waiting, subject, ports) });
    if (plan.changes && !ctx.signal.aborted)
      shown.add(ports.sandbox.edits.propose(permissionId, plan.changes, subject.reason));
    limitAnswer(permissionId, shown, ports);
    const answer = await answered;
    const asked = decided(waiting, answer, ports.now());
    await ports.record({ toolCalls: [asked], events: answerEvents(permissionId, asked, answer, ports) });
    if (answer.decision === 'deny')
      return await end(
        asked,
        'DENIED',
        ctx.signal.aborted
          ? stopped()
          : denial(answer.decidedBy === 'user' ? 'The user rejected this.' : 'This was not approved.', answer.note),
        ports,
      );
    if (answer.remember) ports.rules.remember(subject);
    // The proposal stays until the edit is applied: what the user changed in it is what lands.
    return await run(tool, plan, asked, permissionId, ctx, ports);
  } finally {
    // Still open only when something failed between: nobody must be left with a question that nothing waits for.
    if (ports.approvals.isOpen(permissionId)) ports.approvals.decide(permissionId, abandoned);
    shown.dispose();
  }
}

const abandoned: Answer = { decision: 'deny', decidedBy: 'runtime', note: 'The question could not be shown.' };

/** Denies for the user after the configured time; by default a question waits for ever. */
function limitAnswer(
  permissionId: PermissionId,
  owner: Disposables,
  { approvals, approvalTimeoutMs }: ToolCallPorts,
): void {
  if (approvalTimeoutMs === undefined || !approvals.isOpen(permissionId)) return;
  const note = `Nobody answered within ${approvalTimeoutMs / 1000} s.`;
  const timer = setTimeout(() => {
    if (approvals.isOpen(permissionId))
      approvals.decide(permissionId, { decision: 'deny', decidedBy: 'runtime', note });
  }, approvalTimeoutMs);
  owner.defer(() => clearTimeout(timer));
}

function questionEvents(
  permissionId: PermissionId,
  call: ToolCallRecord,
  subject: ApprovalSubject,
  ports: ToolCallPorts,
): readonly AgentEvent[] {
  return [
    { channel: 'monitor', type: 'breakpoint_changed', previous: ports.breakpoint(), current: 'AWAITING_APPROVAL' },
    { channel: 'monitor', type: 'state_changed', state: 'PAUSED' },
    { channel: 'control', type: 'permission_required', permissionId, call: snapshotOf(call), subject },
  ];
}

function workingAgain(ports: ToolCallPorts): readonly AgentEvent[] {
  return [
    { channel: 'monitor', type: 'breakpoint_changed', previous: ports.breakpoint(), current: 'PRE_TOOL' },
    { channel: 'monitor', type: 'state_changed', state: 'WORKING' },
  ];
}

function answerEvents(
  permissionId: PermissionId,
  call: ToolCallRecord,
  answer: Answer,
  ports: ToolCallPorts,
): readonly AgentEvent[] {
  const { decision, decidedBy, note } = answer;
  return [
    {
      channel: 'control',
      type: 'permission_decided',
      permissionId,
      callId: call.id,
      decision,
      decidedBy,
      ...(note !== undefined && { note }),
    },
    { channel: 'progress', type: 'tool:update', call: snapshotOf(call) },
    // With another question still open the turn goes on waiting.
    ...(ports.approvals.open.length > 0 ? [] : workingAgain(ports)),
  ];
}

async function run(
  tool: Tool,
  plan: ToolPlan,
  record: ToolCallRecord,
  permissionId: PermissionId | undefined,
  ctx: ToolContext,
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
  if (isAborted(ctx.signal)) return end(executing, 'SEALED', stopped(), ports);
  const limit = timeLimit(tool, ports.toolTimeoutMs);
  const runContext = { ...ctx, permissionId, signal: limit ? AbortSignal.any([ctx.signal, limit.signal]) : ctx.signal };
  try {
    const outcome = await untilAborted(
      plan.run({ ...runContext, ...reporting(tool, record, ports) }),
      runContext.signal,
    );
    return await end(executing, outcome.ok === false ? 'FAILED' : 'COMPLETED', contentOf(outcome), ports);
  } catch (error) {
    if (isAborted(ctx.signal)) return await end(executing, 'SEALED', stopped(), ports);
    return await end(
      executing,
      'FAILED',
      limit?.signal.aborted ? timedOut(tool, ports.toolTimeoutMs) : failureOf(error),
      ports,
    );
  } finally {
    limit?.clear();
  }
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

async function end(
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
  await ports.record({ toolCalls: [ended], events: [shown, { channel: 'monitor', type: 'tool_executed', call }] });
  return ended;
}
