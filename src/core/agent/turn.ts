import { isAgentError, ToolError } from '../errors';
import type { ModelError, ModelProvider, ModelRequest, ToolDescription } from '../model/provider';
import type { RetryConfig } from '../model/retry';
import { streamWithRetry } from '../model/streamWithRetry';
import type { AgentEvent, DeltaEvent, DoneReason, FailureInfo } from '../protocol/events';
import { newMessageId, type CallId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import { isFinal, snapshotOf, type ToolCallRecord } from '../protocol/toolCalls';
import { isAborted } from '../util/abort';
import { Answer, type RequestedCall } from './answer';
import type { Change } from './journal';
import { finished, newRecord, resultBlock } from './records';
import type { AgentState } from './state';
import type { ReopenedCalls } from './reopenedCalls';
import { planCall, type PlannedCall } from './toolCalls';
import type { ToolCallPorts } from './toolCallPorts';
import { cutOff, failureOf, stopped } from './toolResults';

export interface TurnPorts {
  readonly state: Readonly<AgentState>;
  /** Whether the session has a call of this id already. */
  readonly isCallIdTaken: (id: CallId) => Promise<boolean>;
  readonly model: ModelProvider;
  readonly system: string;
  readonly tools: readonly ToolDescription[];
  readonly toolCalls: ToolCallPorts;
  readonly maxSteps: number;
  readonly maxToolConcurrency: number;
  readonly exposeThinking: boolean;
  readonly retry: Partial<RetryConfig>;
  readonly now: () => number;
  readonly record: (change: Change) => Promise<unknown>;
  readonly delta: (event: DeltaEvent) => void;
}

export interface TurnEnd {
  readonly reason: DoneReason;
  readonly step: number;
  readonly error?: FailureInfo;
}

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
      await recordResults(ended, ports, isFiltered ? [] : [stepComplete(step, ports.now() - startedAt)]);
      if (isFiltered) return { reason: 'failed', step, error: filtered };
    } else await ports.record({ events: [stepComplete(step, ports.now() - startedAt)] });
    if (isAborted(signal)) return { reason: 'interrupted', step };
    if (records.length === 0) return endOfAnswer(answer, step);
    if (cutOffAnswers >= maxCutOffAnswers) return { reason: 'failed', step, error: tooLongAnswers };
  }
  return { reason: 'max_steps', step: ports.maxSteps, error: tooManySteps(ports.maxSteps) };
}

type Answered =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly records: readonly ToolCallRecord[] }
  | { readonly kind: 'end'; readonly end: TurnEnd };

async function askModel(ports: TurnPorts, step: number, signal: AbortSignal): Promise<Answered> {
  const { state, model } = ports;
  await ports.record({ events: [breakpoint(state, 'STREAMING_MODEL')] });
  const request: ModelRequest = {
    system: ports.system,
    messages: state.conversation.loaded.slice(),
    tools: ports.tools,
  };
  const answer = new Answer({
    step,
    vendor: model.vendor,
    exposeThinking: ports.exposeThinking,
    isCallIdTaken: ports.isCallIdTaken,
    record: (events) => ports.record({ events }),
    delta: ports.delta,
  });
  try {
    const onRetry = (error: ModelError, attempt: number, delayMs: number): void => {
      void ports
        .record({ events: [{ channel: 'monitor', type: 'model_retry', attempt, delayMs, error: infoOf(error) }] })
        .catch(() => undefined); // The next record meets the same failure and reports it.
    };
    for await (const chunk of streamWithRetry(model, request, { signal, config: ports.retry, onRetry }))
      await answer.take(chunk);
  } catch (error) {
    return { kind: 'end', end: await brokenOff(answer, error, ports, step, signal) };
  }
  return { kind: 'answer', answer, records: await recordAnswer(answer, ports) };
}

/** Keeps what was said before the stream broke, never its calls (I9). */
async function brokenOff(
  answer: Answer,
  error: unknown,
  ports: TurnPorts,
  step: number,
  signal: AbortSignal,
): Promise<TurnEnd> {
  if (isAgentError(error) && error.family === 'store') throw error;
  const closed = answer.end();
  const content = answer.partialBlocks;
  const partial = content.length > 0 ? [assistantMessage(content, ports, { partial: true })] : [];
  await ports.record({ messages: partial, events: [...closed, ...usageEvents(answer, ports)] });
  if (isAborted(signal)) return { reason: 'interrupted', step };
  return { reason: 'failed', step, error: infoOf(error) };
}

async function recordAnswer(answer: Answer, ports: TurnPorts): Promise<readonly ToolCallRecord[]> {
  const closed = answer.end();
  const records = answer.calls.map((call) => newRecord(call.block, ports.now()));
  const started = records.map((call): AgentEvent => ({
    channel: 'progress',
    type: 'tool:start',
    call: snapshotOf(call),
  }));
  await ports.record({
    messages: answer.blocks.length > 0 ? [assistantMessage(answer.blocks, ports)] : [],
    toolCalls: records,
    events: [
      ...closed,
      ...usageEvents(answer, ports),
      breakpoint(ports.state, records.length > 0 ? 'TOOL_PENDING' : 'READY'),
      ...started,
    ],
  });
  return records;
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
): Promise<readonly ToolCallRecord[]> {
  const running: Promise<ToolCallRecord>[] = [];
  const active = new Set<Promise<unknown>>();
  for (const [index, record] of records.entries()) {
    const call = answer.calls[index];
    if (!call) continue;
    if (active.size >= ports.maxToolConcurrency) await Promise.race(active);
    const planned = await plannedOrSealed(call, record, answer, ports, signal);
    if (planned.effect !== 'none') await Promise.all(active);
    const run = runOrFail(planned, record, ports);
    running.push(run);
    const settled = run.catch(() => undefined).finally(() => active.delete(settled));
    active.add(settled);
    if (planned.effect !== 'none') await settled;
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
  await ports.record({ messages: [message], events: [breakpoint(ports.state, 'POST_TOOL'), ...events] });
}

function endOfAnswer(answer: Answer, step: number): TurnEnd {
  if (answer.finish === 'content_filter') return { reason: 'failed', step, error: filtered };
  if (answer.finish === 'length') return { reason: 'failed', step, error: tooLongAnswers };
  return { reason: 'completed', step };
}

function assistantMessage(
  content: readonly ContentBlock[],
  ports: TurnPorts,
  metadata?: { readonly partial: true },
): Message {
  return { id: newMessageId(), role: 'assistant', content, createdAt: ports.now(), ...(metadata && { metadata }) };
}

function usageEvents(answer: Answer, ports: TurnPorts): readonly AgentEvent[] {
  return answer.usage ? [{ channel: 'monitor', type: 'token_usage', model: ports.model.model, ...answer.usage }] : [];
}

function breakpoint(state: Readonly<AgentState>, current: AgentState['breakpoint']): AgentEvent {
  return { channel: 'monitor', type: 'breakpoint_changed', previous: state.breakpoint, current };
}

function stepComplete(step: number, durationMs: number): AgentEvent {
  return { channel: 'monitor', type: 'step_complete', step, durationMs };
}

/** What people are told of a failure. Never a stack. */
export function infoOf(error: unknown): FailureInfo {
  if (isAgentError(error))
    return { code: error.code, message: error.message, advice: error.advice, retryable: error.retryable };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message, advice: 'Try again. If it stays, look into the log.', retryable: false };
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
