import type { AgentEvent } from '../protocol/events';
import { newPermissionId, type PermissionId } from '../protocol/ids';
import { snapshotOf, type ApprovalSubject, type RuleScope, type ToolCallRecord } from '../protocol/toolCalls';
import { Disposables } from '../util/disposables';
import type { Answer } from './approvals';
import { decided, moved } from './records';
import { endCall, runCall } from './runCall';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { planTool } from './planTool';
import { denial, stopped } from './toolResults';
import { askedSubject, verdictOf } from './verdict';

/** Asks, waits for the answer, and runs what was allowed. */
export async function askAndRun(
  planned: Planned,
  subject: ApprovalSubject,
  record: ToolCallRecord,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const permissionId = newPermissionId();
  try {
    const { meta } = planned.asked ?? {};
    const approval = { required: true, question: { permissionId, subject }, ...(meta !== undefined && { meta }) };
    const waiting = moved({ ...record, approval }, 'APPROVAL_REQUIRED', ports.now());
    // The question is open before it is published, so that a listener may answer it at once.
    const answered = ports.approvals.ask({ permissionId, call: waiting, subject }, planned.ctx.signal);
    await ports.record({ toolCalls: [waiting], events: questionEvents(permissionId, waiting, subject, ports) });
    return await runWhenAllowed(planned, { permissionId, subject, record: waiting, answered }, ports);
  } finally {
    // Still open only when something failed between: nobody must be left with a question that nothing waits for.
    if (ports.approvals.isOpen(permissionId)) ports.approvals.decide(permissionId, abandoned);
  }
}

const abandoned: Answer = { decision: 'deny', decidedBy: 'runtime', note: 'The question could not be shown.' };

/** A question that was recorded and is open. */
export interface Asked {
  readonly permissionId: PermissionId;
  readonly subject: ApprovalSubject;
  readonly record: ToolCallRecord;
  readonly answered: Promise<Answer>;
}

/** Shows what is asked, waits for the answer, records it and runs what was allowed. */
export async function runWhenAllowed(planned: Planned, asked: Asked, ports: ToolCallPorts): Promise<ToolCallRecord> {
  const { permissionId, subject, record } = asked;
  const { plan, ctx } = planned;
  const shown = new Disposables();
  try {
    if (plan.changes && !ctx.signal.aborted)
      shown.add(ports.sandbox.edits.propose(permissionId, plan.changes, subject.reason));
    limitAnswer(permissionId, shown, ports);
    const answer = await asked.answered;
    const answered = await recordAnswer(permissionId, record, answer, ports);
    if (answer.decision === 'deny')
      return await endCall(answered, 'DENIED', ctx.signal.aborted ? stopped() : denialOf(answer), ports);
    const changed = await changedSince(planned, asked, ports);
    if (changed) return await changed.run(answered);
    if (answer.remember) remember(subject, answer.remember, ports);
    // The proposal stays until the edit is applied: what the user changed in it is what lands.
    return await runCall(planned, answered, { kind: 'approved', permissionId, answer: answer.note }, ports);
  } finally {
    shown.dispose();
  }
}

/** What was allowed for good, and the files that were named with it: they count as seen. */
function remember({ remember: rules, unreviewed }: ApprovalSubject, scope: RuleScope, ports: ToolCallPorts): void {
  ports.rules.remember(rules ?? [], scope);
  if (unreviewed) ports.reviews.reviewed(unreviewed);
}

/**
 * A question may stand for hours, and what a command runs can change meanwhile: it is planned once more, and runs only as it
 * was shown. Edits are held to what was shown when they are applied.
 */
async function changedSince(
  { plan, ctx, asked }: Planned,
  { subject, record }: Asked,
  ports: ToolCallPorts,
): Promise<{ readonly run: (answered: ToolCallRecord) => Promise<ToolCallRecord> } | undefined> {
  if (plan.effect === 'edit' || !plan.floor) return undefined;
  // The hooks have said what they have to say.
  const planning = await planTool(record, ports, ctx.signal, { asked });
  if (planning.kind === 'ended')
    return { run: (answered) => endCall(answered, planning.state, planning.result, ports) };
  const { planned } = planning;
  const verdict = await verdictOf(planned, ports);
  if (verdict.verdict === 'deny')
    return { run: (answered) => endCall(answered, 'DENIED', denial(verdict.reason, undefined), ports) };
  const now = verdict.verdict === 'ask' ? askedSubject(planned, verdict) : { ...subject, ...planned.plan.subject };
  if (isSameQuestion(now, subject)) return undefined;
  const why = ['What would run has changed since you were asked.', ...(now.why ?? [])];
  return { run: (answered) => askAndRun(planned, { ...now, reason: why[0] ?? '', why }, answered, ports) };
}

/** What holds the command may have been found out meanwhile, and a reason may have gone. */
function isSameQuestion(now: ApprovalSubject, shown: ApprovalSubject): boolean {
  const essence = ({ reason: _reason, why, ...rest }: ApprovalSubject): string =>
    JSON.stringify({ ...rest, containment: undefined, unreviewed: undefined });
  const known = new Set([...(shown.why ?? []), shown.reason]);
  return essence(now) === essence(shown) && (now.why ?? []).every((reason) => known.has(reason));
}

/** Writes an answer down. Gives the call's record with it. */
export async function recordAnswer(
  permissionId: PermissionId,
  record: ToolCallRecord,
  answer: Answer,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const answered = decided(record, answer, ports.now());
  await ports.record({ toolCalls: [answered], events: answerEvents(permissionId, answered, answer, ports) });
  return answered;
}

export function denialOf(answer: Answer): ReturnType<typeof denial> {
  return denial(answer.decidedBy === 'user' ? 'The user rejected this.' : 'This was not approved.', answer.note);
}

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
