import { isAgentError } from '../errors';
import type { CallId } from '../protocol/ids';
import type { ToolResultContent } from '../protocol/messages';
import { isFinal, type ApprovalSubject, type ToolCallApproval, type ToolCallRecord } from '../protocol/toolCalls';
import type { Answer, Approvals } from './approvals';
import { sealedCall, sealEvents } from './cutOff';
import { askAndRun, recordAnswer, runWhenAllowed } from './questions';
import { endCall } from './runCall';
import type { Planned, ToolCallPorts } from './toolCallPorts';
import { planTool } from './planTool';
import { denial, failureOf } from './toolResults';
import { askedSubject, verdictOf } from './verdict';

type Question = NonNullable<ToolCallApproval['question']>;
interface Reopened {
  readonly record: ToolCallRecord;
  readonly question: Question;
  readonly answered: Promise<Answer>;
}

/**
 * The calls of a turn that a restart cut off and that nothing was done about yet. Their open questions can be answered as
 * before; whatever else was cut off is sealed when the turn goes on.
 */
export class ReopenedCalls {
  readonly records: readonly ToolCallRecord[];
  readonly #questions = new Map<CallId, Reopened>();
  readonly #approvals: Approvals;
  #settled = false;

  constructor(records: readonly ToolCallRecord[], approvals: Approvals, signal: AbortSignal) {
    this.records = records;
    this.#approvals = approvals;
    for (const record of records) {
      const { question } = record.approval;
      if (!question || record.state !== 'APPROVAL_REQUIRED') continue;
      const answered = approvals.ask({ ...question, call: record }, signal);
      this.#questions.set(record.id, { record, question, answered });
    }
  }

  get questions(): readonly Question[] {
    return [...this.#questions.values()].map(({ question }) => question);
  }

  /** Whether it waits for a person: for an answer, or for any word at all. */
  get isWaiting(): boolean {
    if (this.#settled) return false;
    return this.#questions.size === 0 || this.questions.some((one) => this.#approvals.isOpen(one.permissionId));
  }

  /** Waits for the answers, runs what was allowed and seals the rest: every call comes back with its end. @throws StoreError. */
  async settle(ports: ToolCallPorts, signal: AbortSignal): Promise<readonly ToolCallRecord[]> {
    if (this.#questions.size === 0) await untilAborted(signal);
    const asked = await Promise.all([...this.#questions.values()].map((one) => answerOrFail(one, ports, signal)));
    this.#settled = true;
    const ended = new Map(asked.map((record) => [record.id, record]));
    const rest = this.records.filter(({ id, state }) => !ended.has(id) && !isFinal(state));
    const sealed = rest.map((record) => sealedCall(record, ports.now()));
    for (const record of sealed) ended.set(record.id, record);
    if (sealed.length > 0)
      await ports.record({
        toolCalls: sealed,
        events: rest.flatMap((record) => sealEvents(record, ended.get(record.id) ?? record)),
      });
    return this.records.map((record) => ended.get(record.id) ?? record);
  }
}

async function answerOrFail(reopened: Reopened, ports: ToolCallPorts, signal: AbortSignal): Promise<ToolCallRecord> {
  try {
    return await answer(reopened, ports, signal);
  } catch (error) {
    if (isAgentError(error) && error.family === 'store') throw error;
    return endWithout(reopened, 'FAILED', failureOf(error), ports);
  }
}

/** The call is planned again. The question stands only if it would be asked in exactly the same way; else it is asked anew. */
async function answer(reopened: Reopened, ports: ToolCallPorts, signal: AbortSignal): Promise<ToolCallRecord> {
  const { record, question, answered } = reopened;
  const planning = await planTool(record, ports, signal);
  if (planning.kind === 'ended') return endWithout(reopened, planning.state, planning.result, ports);
  const { planned } = planning;
  const verdict = await verdictOf(planned, ports);
  if (verdict.verdict === 'deny') return endWithout(reopened, 'DENIED', denial(verdict.reason, undefined), ports);
  const { permissionId } = question;
  // A question stays one, even where it would not be asked by now: the person sees it.
  const subject = verdict.verdict === 'ask' ? askedSubject(planned, verdict) : asAsked(planned, question);
  if (JSON.stringify(subject) === JSON.stringify(question.subject))
    return runWhenAllowed(planned, { permissionId, subject, record, answered }, ports);
  const closed = await closeQuestion(reopened, 'What was asked has changed meanwhile. It is asked anew.', ports);
  return askAndRun(planned, subject, closed, ports);
}

/** What would run now, in the words of the question: equal to it only where the same would run. */
function asAsked({ plan }: Planned, { subject: { reason, why, remember, unreviewed } }: Question): ApprovalSubject {
  return {
    ...plan.subject,
    reason,
    ...(why && { why }),
    ...(remember && { remember }),
    ...(unreviewed && { unreviewed }),
  };
}

async function endWithout(
  reopened: Reopened,
  state: 'FAILED' | 'DENIED' | 'COMPLETED',
  result: ToolResultContent,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const closed = await closeQuestion(reopened, 'It can no longer be run.', ports);
  return endCall(closed, state, result, ports);
}

async function closeQuestion(
  { record, question }: Reopened,
  note: string,
  ports: ToolCallPorts,
): Promise<ToolCallRecord> {
  const answer: Answer = { decision: 'deny', decidedBy: 'runtime', note };
  if (ports.approvals.isOpen(question.permissionId)) ports.approvals.decide(question.permissionId, answer);
  return recordAnswer(question.permissionId, record, answer, ports);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
