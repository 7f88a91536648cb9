import { isAgentError, ToolError } from '../errors';
import type { AgentEvent, FailureInfo } from '../protocol/events';
import { newMessageId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import { isFinal, snapshotOf, type ToolCallRecord } from '../protocol/toolCalls';
import type { Effect } from '../tools/tool';
import { isAborted } from '../util/abort';
import type { Answer, RequestedCall } from './answer';
import type { TurnEnd, TurnPorts } from './turnPorts';
import { askModel, breakpoint, heldShort } from './modelCall';
import { finished, resultBlock } from './records';
import type { ReopenedCalls } from './reopenedCalls';
import { Repeats } from './repeats';
import { planCall, type PlannedCall } from './toolCalls';
import { cutOff, failureOf, stopped } from './toolResults';

/** How many cut-off answers in a row are sent back to the model before the turn fails. */
const maxCutOffAnswers = 3;

/**
 * One turn: model call, tool calls, model call ... until an answer asks for nothing more. An abort ends it at any point
 * with every call answered. Failures of the model end it too; failures of tools are answers for the model.
 * @param reopened calls that a restart cut off: they get their answers first.
 * @throws StoreError when the session cannot be written.
 */
export async function runTurn(ports: TurnPorts, signal: AbortSignal, reopened?: ReopenedCalls): Promise<TurnEnd> {
  let cutOffAnswers = 0;
  const repeats = new Repeats();
  if (reopened) await recordResults(await reopened.settle(ports.toolCalls, signal), ports);
  for (let step = 1; step <= ports.maxSteps; step++) {
    const startedAt = ports.now();
    if (isAborted(signal)) return { reason: 'interrupted', step };
    const answered = await askModel(ports, step, signal);
    if (answered.kind === 'end') return answered.end;
    const { answer, records } = answered;
    if (records.length > 0) {
      cutOffAnswers = answer.finish === 'length' ? cutOffAnswers + 1 : 0;
      const ended = await runCalls(answer, records, ports, signal);
      const isFiltered = answer.finish === 'content_filter';
      const calls = ended.map(({ record }) => record);
      await recordResults(calls, ports, isFiltered ? [] : [stepComplete(step, ports.now() - startedAt)]);
      if (isFiltered) return { reason: 'failed', step, error: filtered };
      const repeated = ended.map(({ record, effect }) => repeats.add(record, effect)).find((error) => error);
      if (repeated && !isAborted(signal)) return { reason: 'failed', step, error: repeated };
    } else await ports.record({ events: [stepComplete(step, ports.now() - startedAt)] });
    if (isAborted(signal)) return { reason: 'interrupted', step };
    if (records.length === 0) return endOfAnswer(answer, step, answered.isCapped);
    if (cutOffAnswers >= maxCutOffAnswers) return { reason: 'failed', step, error: tooLongAnswers };
  }
  return { reason: 'max_steps', step: ports.maxSteps, error: tooManySteps(ports.maxSteps) };
}

interface EndedCall {
  readonly record: ToolCallRecord;
  readonly effect: Effect;
}

/**
 * Calls run in the order of the answer. Those without an effect run beside each other; one with an effect waits for all
 * before it and holds up all after it, which are planned only then: a plan is never older than the effect before it.
 */
async function runCalls(
  answer: Answer,
  records: readonly ToolCallRecord[],
  ports: TurnPorts,
  signal: AbortSignal,
): Promise<readonly EndedCall[]> {
  const running: Promise<EndedCall>[] = [];
  const active = new Set<Promise<unknown>>();
  for (const [index, record] of records.entries()) {
    const call = answer.calls[index];
    if (!call) continue;
    if (active.size >= ports.maxToolConcurrency) await Promise.race(active);
    const planned = await plannedOrSealed(call, record, answer, ports, signal);
    if (planned.effect !== 'none') await Promise.all(active);
    const { effect } = planned;
    const run = runOrFail(planned, record, ports).then((ended) => ({ record: ended, effect }));
    running.push(run);
    const settled = run.catch(() => undefined).finally(() => active.delete(settled));
    active.add(settled);
    if (effect !== 'none') await settled;
  }
  return Promise.all(running);
}

/** Whatever goes wrong around a call, it gets an answer: a call without one would spoil every request after it. */
async function runOrFail(planned: PlannedCall, record: ToolCallRecord, ports: TurnPorts): Promise<ToolCallRecord> {
  try {
    return await planned.run();
  } catch (error) {
    if (isAgentError(error) && error.family === 'store') throw error;
    return sealed(ports.state.toolCalls.get(record.id) ?? record, ports, 'FAILED', failureOf(error)).run();
  }
}

async function plannedOrSealed(
  call: RequestedCall,
  record: ToolCallRecord,
  answer: Answer,
  ports: TurnPorts,
  signal: AbortSignal,
): Promise<PlannedCall> {
  if (signal.aborted) return sealed(record, ports, 'SEALED', stopped());
  if (answer.finish !== 'stop' && answer.finish !== 'tool_calls') return sealed(record, ports, 'FAILED', cutOff());
  return planCall(call, record, ports.toolCalls, signal);
}

function sealed(
  record: ToolCallRecord,
  ports: TurnPorts,
  state: 'SEALED' | 'FAILED',
  result: ReturnType<typeof stopped>,
): PlannedCall {
  const run = async (): Promise<ToolCallRecord> => {
    const ended = finished(record, state, result, ports.now());
    const error = result.ok ? '' : result.error;
    await ports.record({
      toolCalls: [ended],
      events: [{ channel: 'progress', type: 'tool:error', call: snapshotOf(ended), error }],
    });
    return ended;
  };
  return { effect: 'none', run };
}

/** Results go back in call order as one user message, whatever order they came in. */
async function recordResults(
  ended: readonly ToolCallRecord[],
  ports: TurnPorts,
  events: readonly AgentEvent[] = [],
): Promise<void> {
  if (ended.length === 0) return;
  const open = ended.find((record) => !isFinal(record.state));
  if (open) throw new ToolError('failed', `The call ${open.id} came back in state ${open.state}.`);
  const message: Message = {
    id: newMessageId(),
    role: 'user',
    content: ended.map(resultBlock),
    createdAt: ports.now(),
    metadata: { kind: 'tool_results' },
  };
  await ports.record({ messages: [message], events: [breakpoint(ports.state.breakpoint, 'POST_TOOL'), ...events] });
}

function endOfAnswer(answer: Answer, step: number, isCapped: boolean): TurnEnd {
  if (answer.finish === 'content_filter') return { reason: 'failed', step, error: filtered };
  if (answer.finish === 'length' && isCapped) return { reason: 'budget', step, error: heldShort };
  if (answer.finish === 'length') return { reason: 'failed', step, error: tooLongAnswers };
  return { reason: 'completed', step };
}

function stepComplete(step: number, durationMs: number): AgentEvent {
  return { channel: 'monitor', type: 'step_complete', step, durationMs };
}

const filtered: FailureInfo = {
  code: 'content_filter',
  message: "The model's provider filtered the answer.",
  advice: 'Say it in other words, or choose another model.',
  retryable: false,
};

const tooLongAnswers: FailureInfo = {
  code: 'output_limit',
  message: "The model's answer was cut off at its output limit.",
  advice: 'Ask for a smaller piece of work, or say "go on".',
  retryable: false,
};

function tooManySteps(maxSteps: number): FailureInfo {
  return {
    code: 'max_steps',
    message: `The turn was ended after ${maxSteps} steps.`,
    advice: 'Look at what was done so far and say "go on" if it goes the right way.',
    retryable: false,
  };
}

/** What is told when a turn has come to its end. */
export function endEvents(
  end: TurnEnd,
  { breakpoint: previous }: Pick<TurnPorts['state'], 'breakpoint'>,
): readonly AgentEvent[] {
  return [
    breakpoint(previous, 'READY'),
    { channel: 'progress', type: 'done', step: end.step, reason: end.reason, ...(end.error && { error: end.error }) },
    { channel: 'monitor', type: 'state_changed', state: 'READY' },
  ];
}
